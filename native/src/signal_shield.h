#pragma once

#if !defined(_WIN32)
#include <pthread.h>
#include <signal.h>
#endif

namespace disttrain {

// While one lives, no signal interrupts the calling thread; what comes meanwhile is delivered afterwards.
//
// oneDNN until March 2026 computes matrix products with the stack pointer in a buffer on the heap
// (https://github.com/uxlfoundation/oneDNN/issues/4845). The kernel writes a signal's frame below the stack
// pointer, which is then a neighbour's memory: a process that is stopped and continued, or one whose garbage
// collector halts a thread by a signal, dies of a broken heap. Threads that libtorch starts meanwhile inherit
// the mask, which suits them: they never run managed code. Faults of the thread itself are not held back.
class SignalShield {
#if defined(_WIN32)
public:
    SignalShield() = default;
#else
public:
    SignalShield() {
        sigset_t blocked;
        sigfillset(&blocked);
        for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) {
            sigdelset(&blocked, fault);
        }
        pthread_sigmask(SIG_BLOCK, &blocked, &before_);
    }

    ~SignalShield() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_;

public:
#endif
    SignalShield(const SignalShield &) = delete;
    SignalShield &operator=(const SignalShield &) = delete;
};

} // namespace disttrain
