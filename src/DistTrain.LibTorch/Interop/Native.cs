using System.Runtime.InteropServices;

namespace DistTrain.LibTorch.Interop;

/// <summary>The functions and structs of native/include/disttrain.h, names verbatim.</summary>
internal static partial class Native
{
    public const string Library = "disttrain_native";

    /// <summary>DT_ABI_VERSION these declarations were written against.</summary>
    public const uint DT_ABI_VERSION = 4;

    public const int DT_OK = 0;
    public const int DT_FAULT = 1;
    public const int DT_USER_FAULT = 2;

    [StructLayout(LayoutKind.Sequential)]
    public struct dt_layer
    {
        public int kind;
        public int @in;
        public int @out;
        public int kernel;
        public int stride;
        public int padding;
        public int body;
        public int shortcut;
        public long weight;
        public long bias;
        public long mean;
        public long variance;
        public double probability;
        public double epsilon;
        public double momentum;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct dt_replica_options
    {
        public int loss;
        public int threads;
        public int rank;
        public int outputs;
        public int as_device;
        public int precision;
        public int deterministic;
        public fixed long dimensions[3];
        public double label_smoothing;
        public float* parameters;
        public long parameter_count;
        public long total_count;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct dt_batch
    {
        public float* inputs;
        public long* labels;
        public float* targets;
        public long count;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct dt_result
    {
        public double loss_sum;
        public long correct;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct dt_slot
    {
        public byte* name;
        public long offset;
        public fixed long dimensions[8];
        public int rank;
        public int is_buffer;
    }

    [LibraryImport(Library)]
    public static partial uint dt_abi_version();

    [LibraryImport(Library)]
    public static unsafe partial byte* dt_last_error();

    [LibraryImport(Library)]
    public static unsafe partial byte* dt_torch_version();

    [LibraryImport(Library)]
    public static partial int dt_torch_cuda();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int dt_check_device(string device);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int dt_device_answers(string device);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int dt_replica_create(
        ReadOnlySpan<dt_layer> layers, int layer_count, in dt_replica_options options, string device,
        out ReplicaHandle replica);

    [LibraryImport(Library)]
    public static unsafe partial int dt_replica_gradient(
        ReplicaHandle replica, in dt_batch batch, ulong seed, double loss_factor, float* gradient,
        out dt_result result);

    [LibraryImport(Library)]
    public static unsafe partial int dt_replica_settle(ReplicaHandle replica, float* gradient);

    [LibraryImport(Library)]
    public static partial int dt_replica_evaluate(
        ReplicaHandle replica, in dt_batch batch, out dt_result result);

    [LibraryImport(Library)]
    public static partial int dt_replica_refresh(ReplicaHandle replica);

    [LibraryImport(Library)]
    public static partial void dt_replica_destroy(IntPtr replica);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int dt_script_open(string path, out ScriptHandle script);

    [LibraryImport(Library)]
    public static partial int dt_script_check(
        ScriptHandle script, int rank, ReadOnlySpan<long> dimensions, int outputs);

    [LibraryImport(Library)]
    public static partial int dt_script_slot_count(ScriptHandle script, out int count);

    [LibraryImport(Library)]
    public static partial int dt_script_slot(ScriptHandle script, int index, out dt_slot slot);

    [LibraryImport(Library)]
    public static unsafe partial int dt_script_read(ScriptHandle script, float* values, long total_count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int dt_script_replica_create(
        ScriptHandle script, in dt_replica_options options, string device, out ReplicaHandle replica);

    [LibraryImport(Library)]
    public static partial void dt_script_destroy(IntPtr script);
}
