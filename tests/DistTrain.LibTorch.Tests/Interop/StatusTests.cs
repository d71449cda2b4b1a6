using DistTrain.Core;
using DistTrain.LibTorch.Interop;

namespace DistTrain.LibTorch.Tests.Interop;

/// <summary>Which fault a failed call becomes: of the input, of the engine, of the device.</summary>
public sealed class StatusTests
{
    private const string NoDevice = "cuda:999";

    public StatusTests() => NativeLoader.EnsureLoaded();

    [Fact]
    public void A_processor_answers_and_a_device_that_is_not_there_does_not()
    {
        Native.dt_device_answers("cpu").ShouldBe(Native.DT_OK);
        Native.dt_device_answers(NoDevice).ShouldNotBe(Native.DT_OK);
    }

    [Fact]
    public void A_fault_on_a_device_that_still_answers_is_one_of_the_engine()
        => Should.Throw<RunFaultException>(() => Status.ThrowIfFailed(Native.DT_FAULT, "cpu"))
            .Message.ShouldStartWith("The engine reports: ");

    [Fact]
    public void A_fault_on_a_device_that_answers_no_more_is_one_of_the_device()
    {
        Native.dt_check_device("gpu");
        Should.Throw<DeviceFaultException>(() => Status.ThrowIfFailed(Native.DT_FAULT, NoDevice))
            .Message.ShouldBe(
                $"{NoDevice} has failed and answers no more: device \"gpu\" is not known; use \"cpu\" or \"cuda:N\"",
                "what is said is the first fault, not that of the question");
    }

    [Fact]
    public void What_the_user_gave_stays_the_users_fault_whatever_became_of_the_device()
    {
        Native.dt_check_device("gpu");
        Should.Throw<UserFaultException>(() => Status.ThrowIfFailed(Native.DT_USER_FAULT, NoDevice));
    }

    [Fact]
    public void A_call_that_went_well_throws_nothing() => Status.ThrowIfFailed(Native.DT_OK, NoDevice);
}
