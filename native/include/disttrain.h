/* The C ABI between DistTrain and libtorch.
 *
 * Every function returns a status (DT_OK, DT_FAULT, DT_USER_FAULT) unless it says otherwise, gives its
 * results by out-parameter, and leaves a message for dt_last_error() of the calling thread when it fails. No
 * C++ exception crosses this boundary. Handles are opaque; each has one destroy function, which takes NULL.
 *
 * Memory that goes in (parameters, batches, gradients) stays the caller's: float32, row-major, on the host.
 * A flat buffer holds total_count numbers: parameters first, [0, parameter_count), then buffers such as
 * running statistics. A gradient has the same layout; its tail carries sample count × (new value − old
 * value).
 */
#ifndef DISTTRAIN_H
#define DISTTRAIN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DT_EXPORT __attribute__((visibility("default")))

/* Raised whenever a function or struct below changes. */
#define DT_ABI_VERSION 4u

enum { DT_OK = 0, DT_FAULT = 1, DT_USER_FAULT = 2 };

enum dt_layer_kind {
    DT_LINEAR = 0,
    DT_CONV2D = 1,
    DT_BATCH_NORM2D = 2,
    DT_RELU = 3,
    DT_TANH = 4,
    DT_GELU = 5,
    DT_DROPOUT = 6,
    DT_MAX_POOL2D = 7,
    DT_AVG_POOL2D = 8,
    DT_GLOBAL_AVG_POOL2D = 9, /* [n, c, h, w] -> [n, c] */
    DT_FLATTEN = 10,
    DT_RESIDUAL = 11
};

enum dt_loss_kind { DT_CROSS_ENTROPY = 0, DT_MEAN_SQUARED_ERROR = 1 };

/* The numbers that layers compute with; DT_TF32 is float32 but for the factors of matrix products. */
enum dt_precision { DT_FLOAT32 = 0, DT_TF32 = 1, DT_BF16 = 2, DT_FP16 = 3 };

/* One layer. A residual block is followed by the `body` descriptors of its branch (nested ones counted in),
 * then by the `shortcut` descriptors of its shortcut. Offsets point into the flat buffer; -1: the layer has
 * none. */
typedef struct dt_layer {
    int32_t kind; /* dt_layer_kind */
    int32_t in;   /* input features or channels */
    int32_t out;  /* output features or channels */
    int32_t kernel;
    int32_t stride;
    int32_t padding;
    int32_t body;     /* residual: descriptors that follow for the branch */
    int32_t shortcut; /* residual: descriptors that follow for the shortcut; 0: identity */
    int64_t weight;   /* batch norm: scale */
    int64_t bias;     /* batch norm: shift */
    int64_t mean;     /* batch norm: running mean */
    int64_t variance; /* batch norm: running variance */
    double probability;
    double epsilon;
    double momentum;
} dt_layer;

/* What every replica needs to know, whatever its model is. */
typedef struct dt_replica_options {
    int32_t loss;          /* dt_loss_kind */
    int32_t threads;       /* bound for torch, OpenMP and the BLAS on the calling thread */
    int32_t rank;          /* dimensions of a sample: 1 or 3 */
    int32_t outputs;       /* outputs per sample */
    int32_t as_device;     /* 1: on cpu, work as on a GPU (copies, libtorch's own kernels alone); for tests */
    int32_t precision;     /* dt_precision */
    int32_t deterministic; /* 0: a GPU may take kernels whose bits differ from call to call */
    int64_t dimensions[3]; /* of a sample, outermost first */
    double label_smoothing;
    float *parameters; /* total_count numbers, shared; must outlive the replica */
    int64_t parameter_count;
    int64_t total_count;
} dt_replica_options;

/* One micro-batch of `count` samples. Either labels (classes) or targets (regression) is NULL. */
typedef struct dt_batch {
    const float *inputs;   /* [count, dimensions…] */
    const int64_t *labels; /* [count] */
    const float *targets;  /* [count, outputs] */
    int64_t count;
} dt_batch;

typedef struct dt_result {
    double loss_sum;
    int64_t correct; /* samples whose largest output is their label; 0 for regression */
} dt_result;

/* One float32 tensor of a TorchScript model, in the order of the flat buffer. */
typedef struct dt_slot {
    const char *name; /* lives as long as the script */
    int64_t offset;
    int64_t dimensions[8];
    int32_t rank;
    int32_t is_buffer;
} dt_slot;

typedef struct dt_replica dt_replica;
typedef struct dt_script dt_script;

/* Returns DT_ABI_VERSION of the library. Never fails. */
DT_EXPORT uint32_t dt_abi_version(void);

/* The message of the calling thread's last failure, UTF-8; valid until its next call. Never NULL. */
DT_EXPORT const char *dt_last_error(void);

/* libtorch's version, e.g. "1.13.1". Never fails. */
DT_EXPORT const char *dt_torch_version(void);

/* The CUDA that libtorch was built with, 1000 * major + 10 * minor; 0: none. Never fails. */
DT_EXPORT int32_t dt_torch_cuda(void);

/* DT_USER_FAULT unless `device` is "cpu" or "cuda:N" and present. */
DT_EXPORT int32_t dt_check_device(const char *device);

/* DT_FAULT unless `device` still computes: it adds two numbers there and looks at the sum. After some faults
 * nothing that this process asks of a GPU succeeds any more, and this tells them from the others. */
DT_EXPORT int32_t dt_device_answers(const char *device);

/* A replica of a layer list, for the calling thread. */
DT_EXPORT int32_t dt_replica_create(const dt_layer *layers, int32_t layer_count,
                                    const dt_replica_options *options, const char *device,
                                    dt_replica **replica);

/* Forward and backward: writes all total_count numbers of `gradient` (see above; the gradient is of the *sum*
 * of the samples' losses). `seed` keys every random layer. The loss is multiplied by `loss_factor`, a power
 * of two, and the gradient divided by it again. Parameters are not touched. A device may still be writing
 * `gradient` when the call returns; the batch's memory is the caller's again. */
DT_EXPORT int32_t dt_replica_gradient(dt_replica *replica, const dt_batch *batch, uint64_t seed,
                                      double loss_factor, float *gradient, dt_result *result);

/* Returns when `gradient` is written. One gradient is under way at a time: the next call to
 * dt_replica_gradient settles the one before. */
DT_EXPORT int32_t dt_replica_settle(dt_replica *replica, const float *gradient);

/* Forward alone, in evaluation mode. */
DT_EXPORT int32_t dt_replica_evaluate(dt_replica *replica, const dt_batch *batch, dt_result *result);

/* The shared parameters have changed: renews a device's copy. */
DT_EXPORT int32_t dt_replica_refresh(dt_replica *replica);

DT_EXPORT void dt_replica_destroy(dt_replica *replica);

/* Loads a TorchScript file; DT_USER_FAULT says what is wrong with it. */
DT_EXPORT int32_t dt_script_open(const char *path, dt_script **script);

/* DT_USER_FAULT unless the script takes [n, dimensions…] and gives float32 [n, outputs]. */
DT_EXPORT int32_t dt_script_check(dt_script *script, int32_t rank, const int64_t *dimensions,
                                  int32_t outputs);

DT_EXPORT int32_t dt_script_slot_count(dt_script *script, int32_t *count);
DT_EXPORT int32_t dt_script_slot(dt_script *script, int32_t index, dt_slot *slot);

/* Copies the script's own values into `values`, total_count numbers. */
DT_EXPORT int32_t dt_script_read(dt_script *script, float *values, int64_t total_count);

/* A replica of a script, with a copy of its module of its own, for the calling thread. */
DT_EXPORT int32_t dt_script_replica_create(dt_script *script, const dt_replica_options *options,
                                           const char *device, dt_replica **replica);

DT_EXPORT void dt_script_destroy(dt_script *script);

#ifdef __cplusplus
}
#endif

#endif
