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
        var piece = new byte[3200];
        var isOver = false;
        Exception? failure = null;
        try
        {
            while (!isOver)
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                Random.Shared.NextBytes(piece);

                // Waits while there is no connection and no room; with the token, so that a shutdown is noticed then too.
                isOver = (await audio.WriteAsync(piece, stoppingToken)).IsCompleted;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops. What was written until now is still transcribed.
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        // A source that failed ends the session at once, and Events throws this.
        await audio.CompleteAsync(failure);
    }

    [LoggerMessage(1, LogLevel.Information, "[{Begin}] {Text}")]
    private partial void Sentence(TimeSpan begin, string text);

    [LoggerMessage(2, LogLevel.Information, "Transcribed {Written} of audio, lost {Lost}")]
    private partial void Done(TimeSpan written, TimeSpan lost);
}
