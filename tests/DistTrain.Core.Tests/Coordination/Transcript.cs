using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Coordination;

/// <summary>
/// Writes what actors receive and do as text for people: one line a message, below it one line an effect.
/// Records are written by their constructor's parameters, so a new field shows without a change here.
/// </summary>
internal sealed class Transcript
{
    private readonly StringBuilder _text = new();

    public void Heading(string text) => _text.Append("\n# ").Append(text).Append('\n');

    public void Received(TimeSpan now, ActorId actor, IMessage message)
        => _text.Append(CultureInfo.InvariantCulture, $"{now.TotalMilliseconds,4} ms  {actor} gets ")
            .Append(Text(message)).Append('\n');

    public void Lost(TimeSpan now, ActorId actor, IMessage message)
        => _text.Append(CultureInfo.InvariantCulture, $"{now.TotalMilliseconds,4} ms  {actor} is gone: ")
            .Append(Text(message)).Append('\n');

    public void Dropped(TimeSpan now, ActorId actor, IMessage message)
        => _text.Append(CultureInfo.InvariantCulture, $"{now.TotalMilliseconds,4} ms  lost on the way ")
            .Append(CultureInfo.InvariantCulture, $"to {actor}: ").Append(Text(message)).Append('\n');

    public void Performed(Effect effect)
        => _text.Append("           ")
            .Append(effect is Send send ? $"tells {send.To} {Text(send.Message)}" : $"does {Text(effect)}")
            .Append('\n');

    public override string ToString() => _text.ToString().TrimStart('\n');

    private static string Text(object? value) => value switch
    {
        null => "none",
        string text => $"\"{text}\"",
        bool truth => truth ? "yes" : "no",
        ActorId actor => actor.Name,
        ShardRange range => $"[{range.Start},{range.End})",
        ShardResult result => $"loss {Text(result.LossSum)} {result.Correct}/{result.Count} right",
        TimeSpan time => $"{Text(time.TotalMilliseconds)} ms",
        TrainingProgress progress =>
            $"(step {progress.Step}, applied {progress.AppliedSteps}, skipped {progress.SkippedSteps}, "
            + $"epochs {progress.CompletedEpochs}, best {progress.EarlyStopping.BestEpoch})",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Text))}]",
        IMessage or Effect => value.GetType().Name + Fields(value),
        _ => Fields(value),
    };

    private static string Fields(object record)
    {
        Type type = record.GetType();
        ParameterInfo[] parameters = type.GetConstructors()[0].GetParameters();
        return parameters.Length == 0
            ? ""
            : $"({string.Join(", ", parameters.Select(parameter => Field(parameter.Name!)))})";

        string Field(string name)
        {
            object? value = type.GetProperty(name)!.GetValue(record);
            return $"{char.ToLowerInvariant(name[0])}{name[1..]} {Text(value)}";
        }
    }
}
