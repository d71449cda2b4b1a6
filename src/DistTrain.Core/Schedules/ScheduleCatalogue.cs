using DistTrain.Core.Jobs;

namespace DistTrain.Core.Schedules;

/// <summary>Schedules by their kind: a new one is a file of its own and a line here.</summary>
internal static class ScheduleCatalogue
{
    internal static ISchedule Create(ScheduleSpec spec, ScheduleFrame frame) => spec.Kind switch
    {
        ScheduleKind.Constant => new ConstantSchedule(frame),
        ScheduleKind.Step => new StepSchedule(spec, frame),
        ScheduleKind.Exponential => new ExponentialSchedule(spec, frame),
        ScheduleKind.InverseTime => new InverseTimeSchedule(spec, frame),
        ScheduleKind.Polynomial => new PolynomialSchedule(spec, frame),
        ScheduleKind.Cosine => new CosineSchedule(spec, frame),
        ScheduleKind.OneCycle => new OneCycleSchedule(spec, frame),
        ScheduleKind.ReduceOnPlateau => new PlateauSchedule(frame),
        ScheduleKind.Sweep => new SweepSchedule(spec),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Kind, "Not a schedule."),
    };
}
