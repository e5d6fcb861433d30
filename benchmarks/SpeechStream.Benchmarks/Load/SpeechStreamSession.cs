using System.Diagnostics;
using System.Net.Security;
using System.Runtime.CompilerServices;

namespace SpeechStream.Benchmarks.Load;

/// <summary>A session of SpeechStream under the same load as <see cref="BareSession"/>.</summary>
/// <param name="client">The client that all sessions share.</param>
/// <param name="sendRate">As <see cref="TranscriptionOptions.SendRate"/>.</param>
/// <param name="latency">Where the age of each result goes.</param>
internal sealed class SpeechStreamSession(SpeechStreamClient client, double sendRate, Action<long> latency) : ILoadSession
{
    private readonly TranscriptionSession _session = client.CreateSession(new() { EnableIntermediateResult = true, SendRate = sendRate });
    private Task _reading = Task.CompletedTask;

    public int Events { get; private set; }

    /// <summary>A client for any number of sessions.</summary>
    public static SpeechStreamClient Client(Uri endpoint) => new(new()
    {
        AppKey = "app-key",
        Credential = SpeechCredential.FromToken("the-token"),
        Endpoint = endpoint,
        ConfigureHandler = static handler => handler.SslOptions.RemoteCertificateValidationCallback =
            static (_, _, _, errors) => (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0,
    });

    public async Task StartAsync(Uri endpoint)
    {
        await _session.StartAsync();
        _reading = ReadAsync();
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        var flush = _session.Audio.WriteAsync(frame);
        if (!flush.IsCompletedSuccessfully)
        {
            return WaitAsync(flush);
        }

        _ = flush.GetAwaiter().GetResult();
        return ValueTask.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _session.Audio.CompleteAsync();
        await _reading;
        var summary = await _session.Completion;
        if (summary.AudioLost > TimeSpan.Zero || !summary.Drained)
        {
            throw new InvalidOperationException($"The session lost {summary.AudioLost} of audio; drained: {summary.Drained}.");
        }
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask WaitAsync(ValueTask<System.IO.Pipelines.FlushResult> flush) => await flush;

    private async Task ReadAsync()
    {
        await foreach (var transcriptionEvent in _session.Events)
        {
            var text = transcriptionEvent switch
            {
                TranscriptionResultChanged changed => changed.Text,
                SentenceEnd end => end.Text,
                _ => null,
            };
            Events++;
            if (text is not null && ServiceMessages.Stamp(text) is { } stamp)
            {
                latency(Stopwatch.GetTimestamp() - stamp);
            }
        }
    }
}
