// Every test here starts the real program with workers of its own; two at once would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
