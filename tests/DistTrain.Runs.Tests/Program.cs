// The test runner loads this assembly and never calls Main. A test that needs a process to kill starts it.
return DistTrain.Runs.Tests.Checkpoints.EndlessWriter.Run(args);
