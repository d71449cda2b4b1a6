using DistTrain.Cli;

return await CommandLine.RunAsync(args, CommandContext.OfProcess());
