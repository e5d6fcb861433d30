using BenchmarkDotNet.Running;
using SpeechStream.Benchmarks.Gate;
using SpeechStream.Load;

return args switch
{
    [ServiceProcess.Argument, var scheme] => await ServiceProcess.ServeAsync(scheme == "wss"),
    ["--gate"] => await GateRun.RunAsync(),
    _ => BenchmarkSwitcher.FromAssembly(typeof(GateRun).Assembly).Run(args).Any() ? 0 : 1,
};
