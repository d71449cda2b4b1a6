// One cluster at a time: two would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
