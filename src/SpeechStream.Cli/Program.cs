using SpeechStream.Cli;

return await SpeechStreamCommand.RunAsync(args, Surroundings.OfProcess()).ConfigureAwait(false);
