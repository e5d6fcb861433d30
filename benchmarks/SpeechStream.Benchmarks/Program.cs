using System.Globalization;
using BenchmarkDotNet.Running;
using SpeechStream.Benchmarks.Gate;
using SpeechStream.Benchmarks.Load;

switch (args)
{
    case [ServiceProcess.Argument, var scheme]:
        return await ServiceProcess.ServeAsync(scheme == "wss");
    case [ClientRun.Argument, var kind, var mode, var sessions, var amount, var endpoint]:
        return await ClientRun.RunAsync(
            Enum.Parse<ClientKind>(kind), mode == "realtime", int.Parse(sessions, CultureInfo.InvariantCulture), int.Parse(amount, CultureInfo.InvariantCulture), new Uri(endpoint));
    case ["--gate"]:
        return await GateRun.RunAsync();
    case ["--load", ..]:
        return await LoadTrials.MainAsync(args);
    default:
        return BenchmarkSwitcher.FromAssembly(typeof(GateRun).Assembly).Run(args).Any() ? 0 : 1;
}
