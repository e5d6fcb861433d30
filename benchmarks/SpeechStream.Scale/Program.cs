using System.Globalization;
using SpeechStream.Load;
using SpeechStream.Scale;

switch (args)
{
    case [ServiceProcess.Argument, var scheme]:
        return await ServiceProcess.ServeAsync(scheme == "wss");
    case [ClientRun.Argument, var kind, var mode, var sessions, var amount, var endpoint]:
        return await ClientRun.RunAsync(
            Enum.Parse<ClientKind>(kind), mode == "realtime", int.Parse(sessions, CultureInfo.InvariantCulture), int.Parse(amount, CultureInfo.InvariantCulture), new Uri(endpoint));
}

ScaleOptions options;
try
{
    options = ScaleOptions.Parse(args);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}

var run = new ScaleRun(options);
await run.RunAsync();
Console.WriteLine(ScaleTable.Write(run));
if (options.Parts.Contains("reconnect"))
{
    var (p50, p99, count) = await ReconnectTrial.RunAsync();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"From the loss to the first replayed byte, configured delay {ReconnectTrial.Delay.TotalMilliseconds:0} ms included: p50 {p50:0.0} ms, p99 {p99:0.0} ms, {count} losses."));
}

if (options.Plot is { } plot)
{
    await File.WriteAllTextAsync(plot, ScalePlot.Write(run));
}

return 0;
