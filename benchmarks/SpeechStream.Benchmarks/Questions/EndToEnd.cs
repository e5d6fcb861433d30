using BenchmarkDotNet.Attributes;
using SpeechStream.Load;

namespace SpeechStream.Benchmarks.Questions;

/// <summary>What does a minute of audio cost from the start of a task to its end, over loopback, unpaced, beside a bare socket?</summary>
/// <remarks>The service is a process of its own. The handshake is in it, which a real session has once an hour.</remarks>
[Config(typeof(BenchmarkSettings))]
public class EndToEnd
{
    private const int Frames = 600;

    private ServiceProcess _service = null!;
    private SpeechStreamClient _client = null!;

    [GlobalSetup]
    public void Setup()
    {
        _service = ServiceProcess.Start();
        _client = SpeechStreamSession.Client(_service.Endpoint);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _client.Dispose();
        _service.Dispose();
    }

    [Benchmark(Baseline = true)]
    public Task Bare() => TranscribeAsync(() => new BareSession(static _ => { }));

    [Benchmark]
    public Task SpeechStream() => TranscribeAsync(() => new SpeechStreamSession(_client, double.PositiveInfinity, static _ => { }));

    private async Task TranscribeAsync(Func<ILoadSession> make)
    {
        var sessions = await LoadRun.StartAsync(1, _service.Endpoint, make);
        await LoadRun.SendUnpacedAsync(sessions, Frames);
        await LoadRun.StopAsync(sessions);
    }
}
