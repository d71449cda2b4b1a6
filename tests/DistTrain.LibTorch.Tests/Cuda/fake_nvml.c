/* NVIDIA's management library as far as CardMemory asks it: one card, of 8 GiB, at 0000:41:00.0. */
#include <string.h>

static int card;

int nvmlInit_v2(void) { return 0; }

int nvmlDeviceGetHandleByPciBusId_v2(const char *bus, int **device) {
    *device = &card;
    return strcmp(bus, "0000:41:00.0") == 0 ? 0 : 6;
}

int nvmlDeviceGetMemoryInfo(const int *device, unsigned long long *memory) {
    memory[0] = 8ULL << 30; /* total */
    memory[1] = 3ULL << 30; /* free */
    memory[2] = 5ULL << 30; /* used */
    return device != &card;
}
