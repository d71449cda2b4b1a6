/* NVIDIA's driver as far as CudaQuery asks it; compiled with what cuInit gives, FAKE_INIT, and the number of
 * devices, FAKE_DEVICES. */
#include <stdio.h>

int cuDriverGetVersion(int *version) { return *version = 12060, 0; }
int cuInit(unsigned flags) { return flags == 0 ? FAKE_INIT : 1; }
int cuDeviceGetCount(int *count) { return *count = FAKE_DEVICES, 0; }
int cuDeviceGet(int *device, int index) { return *device = 40 + index, 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { return *bytes = (size_t)(device - 39) << 33, 0; }

int cuDeviceGetName(char *name, int length, int device) {
    return snprintf(name, (size_t)length, "Fake %d", device) < 0;
}

/* 75 and 76: the compute capability. The first device is of 7.5, the second of 9.0. */
int cuDeviceGetAttribute(int *value, int attribute, int device) {
    *value = attribute == 75 ? (device == 40 ? 7 : 9) : device == 40 ? 5 : 0;
    return attribute != 75 && attribute != 76;
}

int cuDeviceGetPCIBusId(char *text, int length, int device) {
    return snprintf(text, (size_t)length, "0000:%02d:00.0", device) < 0;
}
