using System.Text.Json;
using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;
using static DistTrain.Core.Tests.Schedules.LearningRatePolicyTests;

namespace DistTrain.Core.Tests.Schedules;

public sealed class SchedulePyTorchTests
{
    private const int StepsPerEpoch = 10, Epochs = 12, Steps = StepsPerEpoch * Epochs;

    /// <summary>
    /// PyTorch's schedulers, stepped per epoch or per step as each is meant to be. One script for all, for
    /// loading PyTorch takes longer than running it.
    /// </summary>
    [SkippableFact]
    public void Schedules_have_the_values_of_PyTorch()
    {
        (string Scheduler, bool PerEpoch, LearningRatePolicy Policy)[] cases =
        [
            ("ConstantLR(o, factor=1)", false, Policy(Of(ScheduleKind.Constant))),
            ("StepLR(o, 3, gamma=0.3)", true,
                Policy(Of(ScheduleKind.Step) with { EveryEpochs = 3, Gamma = 0.3 })),
            ("MultiStepLR(o, [2, 7], gamma=0.3)", true,
                Policy(Of(ScheduleKind.Step) with { Milestones = [2, 7], Gamma = 0.3 })),
            ("ExponentialLR(o, 0.8)", true, Policy(Of(ScheduleKind.Exponential) with { Gamma = 0.8 })),
            ("LambdaLR(o, lambda t: 1 / (1 + 0.7 * t))", true,
                Policy(Of(ScheduleKind.InverseTime) with { Alpha = 0.7 })),
            ("PolynomialLR(o, 120, power=1.7)", false,
                Policy(Of(ScheduleKind.Polynomial) with { Power = 1.7 })),
            ("CosineAnnealingLR(o, 120, eta_min=0.01)", false,
                Policy(Of(ScheduleKind.Cosine) with { MinimumRate = 0.01 })),
            ("OneCycleLR(o, 0.1, total_steps=120)", false, Policy(Of(ScheduleKind.OneCycle))),
            ("OneCycleLR(o, 0.1, total_steps=120, pct_start=0.41, div_factor=9, final_div_factor=77)", false,
                Policy(Of(ScheduleKind.OneCycle) with
                {
                    RiseFraction = 0.41,
                    InitialDivisor = 9,
                    FinalDivisor = 77,
                })),
            ("SequentialLR(o, [LinearLR(o, 0.25, total_iters=20), CosineAnnealingLR(o, 100)], [20])", false,
                Policy(Of(ScheduleKind.Cosine), warmup: 2, start: 0.025)),
        ];

        IEnumerable<string> tuples =
            cases.Select(one => $"(lambda o: {one.Scheduler}, {Every(one.PerEpoch)})");
        double[][] expected = PyTorch.Run<double[][]>($"""
            from torch.optim.lr_scheduler import *
            def run(create, every):
                o = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
                s, rates = create(o), []
                for step in range({Steps}):
                    rates.append(o.param_groups[0]['lr'])
                    o.step()
                    if (step + 1) % every == 0 and step + 1 < {Steps}: s.step()
                return rates
            cases = [{string.Join(", ", tuples)}]
            print(json.dumps([run(create, every) for create, every in cases]))
            """);

        PlateauState fresh = new();
        foreach (((string scheduler, bool perEpoch, LearningRatePolicy policy), double[] rates)
            in cases.Zip(expected))
        {
            for (int step = 0; step < Steps; step += Every(perEpoch))
                policy.At(step, fresh).ShouldBe(rates[step], 1e-12, $"{scheduler} at step {step}");
        }
    }

    [SkippableFact]
    public void Plateau_reduces_when_PyTorch_does()
    {
        double[] losses =
            [1, 0.9, 0.95, 0.9, 0.89, 0.895, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.69, 0.6, 0.6, 0.6, 0.6];
        double[] expected = PyTorch.Run<double[]>($"""
            o = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
            s = torch.optim.lr_scheduler.ReduceLROnPlateau(
                o, factor=0.5, patience=2, threshold=0.02, threshold_mode='abs')
            factors = []
            for loss in {JsonSerializer.Serialize(losses)}:
                s.step(loss)
                factors.append(o.param_groups[0]['lr'])
            print(json.dumps(factors))
            """);
        ScheduleSpec spec =
            Of(ScheduleKind.ReduceOnPlateau) with { Factor = 0.5, Patience = 2, MinDelta = 0.02 };
        PlateauPolicyTests.Factors(spec, losses).ShouldBe(expected);
        expected[^1].ShouldBeLessThan(0.5);
    }

    private static int Every(bool perEpoch) => perEpoch ? StepsPerEpoch : 1;
}
