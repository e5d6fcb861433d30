using System.IO.Pipelines;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpeechStream;

namespace Worker;

/// <summary>Transcribes a live source for as long as the host runs, and drains when it stops.</summary>
internal sealed partial class TranscriptionWorker(SpeechStreamClient client, ILogger<TranscriptionWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var session = await client.StartSessionAsync(cancellationToken: stoppingToken);
        var feeding = FeedAsync(session.Audio, stoppingToken);

        // Without the token: the shutdown ends the source, and the session then ends by itself, with its last finals.
        await foreach (var e in session.Events)
        {
            if (e is SentenceEnd sentence)
            {
                Sentence(sentence.BeginTime, sentence.Text);
            }
        }

        await feeding;
        var summary = await session.Completion;
        Done(summary.AudioWritten, summary.AudioLost);
    }

    /// <summary>Noise in real time, where a microphone would be.</summary>
    private static async Task FeedAsync(PipeWriter audio, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!stoppingToken.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            Random.Shared.NextBytes(audio.GetSpan(3200)[..3200]);
            audio.Advance(3200);
            await audio.FlushAsync(CancellationToken.None);
        }

        await audio.CompleteAsync();
    }

    [LoggerMessage(1, LogLevel.Information, "[{Begin}] {Text}")]
    private partial void Sentence(TimeSpan begin, string text);

    [LoggerMessage(2, LogLevel.Information, "Transcribed {Written} of audio, lost {Lost}")]
    private partial void Done(TimeSpan written, TimeSpan lost);
}
