namespace DistTrain.Telemetry;

/// <summary>How full a device is.</summary>
/// <param name="Device">Its label, such as "cuda:0".</param>
/// <param name="UsedBytes">In use now; null: unknown.</param>
/// <param name="LimitBytes">All of it.</param>
public sealed record DeviceMemory(string Device, long? UsedBytes, long LimitBytes);
