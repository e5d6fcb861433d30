using System.Text;
using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Output;
using SpeechStream.Cli.Output.Html;
using SpeechStream.Cli.Resume;

namespace SpeechStream.Cli.Transcription;

/// <summary>Transcribes one recording: a session for each channel that is heard by itself, what was final before, and the output.</summary>
/// <param name="input">The recording.</param>
/// <param name="checkpoint">What is final of it; null when nothing is kept.</param>
/// <param name="run">What all recordings have in common.</param>
internal sealed class RecordingRun(Input input, Checkpoint? checkpoint, TranscribeContext run)
{
    private readonly Lock _lock = new();
    private readonly Speech _speech = new();
    private readonly List<AudioGap> _gaps = [];
    private string? _reported;

    private TranscribeSettings Settings => run.Settings;

    /// <summary>False when not all of it is in the transcript; a line on standard error has said why.</summary>
    public async Task<bool> TranscribeAsync(CancellationToken cancellationToken)
    {
        if (checkpoint is { IsComplete: true })
        {
            run.Screen.Note($"{input.File}: it is complete already, and nothing is sent");
            run.Progress.Skip(checkpoint.Channels * run.Lengths.GetValueOrDefault(input));
            TakeEarlier();
            return await TryWriteAsync(isDue: true).ConfigureAwait(false);
        }

        var (isWhole, isOver, length) = (false, false, input.Bytes);
        try
        {
            if (Settings.EmbedsAudio && !input.IsReadOnce)
            {
                // Too large, or nothing that is played: that is better told now than in an hour.
                await HtmlAudio.EmbedAsync(input.File, cancellationToken).ConfigureAwait(false);
            }

            IReadOnlyList<int?> channels = Settings.HearsEach ? await EachAsync().ConfigureAwait(false) : [Settings.ChannelNumber];
            checkpoint?.Begin(channels.Count);
            TakeEarlier();
            isWhole = await RunAsync(channels, cancellationToken).ConfigureAwait(false);
            isOver = true;
        }
        catch (Exception exception) when (Problem.IsExpected(exception))
        {
            Report(exception, Kept());
        }
        finally
        {
            isWhole &= await TryWriteAsync(isOver || cancellationToken.IsCancellationRequested || checkpoint is null).ConfigureAwait(false);
        }

        if (isWhole && _speech.Finals.Count == 0)
        {
            run.Screen.Note($"{input.File}: the service heard no speech in it");
        }

        if (isWhole && input.Bytes > length)
        {
            run.Screen.Report($"{input.File}: it became longer while it was transcribed, and its end may be missing. Transcribe it again when it is complete");
        }

        return isWhole;
    }

    // A disk that is full may end the session first, and then the files.
    private void Report(Exception exception, string more = "")
    {
        var problem = Problem.Describe(exception, input.File);
        if (problem != _reported)
        {
            run.Screen.Report($"{input.File}: {problem}{more}");
        }

        _reported = problem;
    }

    private async Task<bool> RunAsync(IReadOnlyList<int?> channels, CancellationToken cancellationToken)
    {
        // When a channel fails, the others are still heard: with --resume only that one goes on.
        var sessions = channels.Select((channel, number) => RunAsync(channel, number, cancellationToken)).ToList();
        var areWhole = await Task.WhenAll(sessions).ConfigureAwait(false);
        if (areWhole.Contains(false))
        {
            // What is lost comes only when all is heard again.
            checkpoint?.Forget();
        }

        return !areWhole.Contains(false);
    }

    private async Task<bool> RunAsync(int? channel, int number, CancellationToken cancellationToken)
    {
        if (checkpoint?.IsChannelComplete(number) == true)
        {
            return true;
        }

        var speaker = SpeakerOf(number);
        await run.Turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var session = new SessionRun(input, channel, speaker, checkpoint?.FinalsOf(number) ?? [], run) { IsFirst = number == 0 };
            return await session.TranscribeAsync(
                happened =>
                {
                    Take(number, happened);
                    checkpoint?.Take(number, happened);
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            run.Turns.Release();
        }
    }

    private void TakeEarlier()
    {
        for (var number = 0; number < checkpoint?.Channels; number++)
        {
            foreach (var final in checkpoint.FinalsOf(number))
            {
                Take(number, final);
            }
        }
    }

    /// <summary>Prints what happened. Where several channels speak at once it waits, and is printed in the order of the sentences.</summary>
    private void Take(int channel, TranscriptionEvent happened)
    {
        var speaker = SpeakerOf(channel);
        lock (_lock)
        {
            if (happened is SentenceEnd || (speaker is not null && run.Transcript is JsonTranscript))
            {
                _speech.Add(channel, speaker, happened);
            }

            if (happened is AudioGap gap)
            {
                _gaps.Add(gap);
            }
        }

        if (speaker is null)
        {
            run.Transcript?.Write(input.File, speaker, happened);
        }
    }

    /// <summary>Writes or prints what isn't printed yet.</summary>
    /// <param name="isDue">Whether files are to be written, and not left to another run that goes on.</param>
    /// <returns>False when that failed, which was told.</returns>
    private async Task<bool> TryWriteAsync(bool isDue)
    {
        try
        {
            checkpoint?.Write();
            if (Settings.HearsEach && run.Transcript is { } transcript)
            {
                foreach (var (speaker, happened) in _speech.Events)
                {
                    transcript.Write(input.File, speaker, happened);
                }
            }

            run.Transcript?.End(input.File);
            var finals = _speech.Finals;
            if (Settings.WritesFiles && isDue && (finals.Count > 0 || checkpoint is { IsComplete: true }))
            {
                await WriteFilesAsync(finals).ConfigureAwait(false);
            }
            else if (!Settings.WritesFiles && run.Transcript is null)
            {
                run.Screen.Write(Encoding.UTF8.GetString(await MakeAsync(Settings.Formats[0], finals).ConfigureAwait(false)));
            }

            return true;
        }
        catch (Exception exception) when (Problem.IsExpected(exception))
        {
            Report(exception);
            return false;
        }
    }

    // Those of a complete recording are written once: people correct them.
    private async Task WriteFilesAsync(IReadOnlyList<Final> finals)
    {
        foreach (var format in Settings.Formats)
        {
            var path = input.OutputPath(format);
            if (checkpoint?.IsWritten(format) != true || !File.Exists(path))
            {
                AtomicFile.Write(path, await MakeAsync(format, finals).ConfigureAwait(false));
            }
        }

        if (checkpoint is { IsComplete: true })
        {
            checkpoint.SetWritten(Settings.Formats);
        }
    }

    private Task<byte[]> MakeAsync(OutputFormat format, IReadOnlyList<Final> finals) => format == OutputFormat.Html
        ? HtmlOutput.MakeAsync(input, Settings, finals, _gaps)
        : TranscriptWriter.MakeAsync(format, input.File, finals);

    private async Task<IReadOnlyList<int?>> EachAsync()
    {
        if (input.IsReadOnce)
        {
            var what = input.IsStandardInput ? "standard input can be read once only" : "this is a pipe, which can be read once only, or empty";
            throw new ArgumentException($"--channel each reads a recording once for each channel, and {what}. Give a file.");
        }

        var audio = await AudioFile.OpenAsync(input.File, Settings.AudioOf(null), Settings.IsRaw, run.Surroundings.OpenInput, CancellationToken.None).ConfigureAwait(false);
        await using (audio.ConfigureAwait(false))
        {
            return [.. Enumerable.Range(1, audio.Channels)];
        }
    }

    private string? SpeakerOf(int number) => Settings.HearsEach ? FormattableString.Invariant($"Channel {number + 1}") : null;

    private string Kept() => checkpoint?.HasFinals == true ? " What was final is kept: add --resume to go on." : "";
}
