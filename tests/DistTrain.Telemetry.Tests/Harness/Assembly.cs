// Clusters and counts of allocations: one at a time, or each measures the others.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
