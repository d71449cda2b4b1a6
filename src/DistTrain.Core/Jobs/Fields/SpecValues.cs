namespace DistTrain.Core.Jobs.Fields;

/// <summary>The values of a finished job, by the same paths and conditions that reading it goes by.</summary>
internal sealed class SpecValues(FieldTable<JobSpec> table, JobSpec job) : IFieldValues
{
    private static readonly object Here = new();

    public object? this[string path]
    {
        get
        {
            if (table.Find(path) is { } field)
                return field.Conditions.All(c => c.Holds(this[c.Path])) ? field.Get(job) : null;
            return table.FindSection(path)?.Present?.Invoke(job) == false ? null : Here;
        }
    }

    public int Workers => job.Workers.Max;

    public int MostWorkers => job.Workers.Max;
}
