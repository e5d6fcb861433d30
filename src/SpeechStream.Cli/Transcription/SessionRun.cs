using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Transcription;

/// <summary>One session: a channel of a recording, from where an earlier session ended.</summary>
/// <param name="input">The recording.</param>
/// <param name="channel">Null for all together.</param>
/// <param name="speaker">Null where nobody is named.</param>
/// <param name="earlier">What was final before.</param>
/// <param name="run">What all recordings have in common.</param>
internal sealed class SessionRun(Input input, int? channel, string? speaker, IReadOnlyList<SentenceEnd> earlier, TranscribeContext run)
{
    // After Ctrl+C, for the last finals of standard input.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly string _name = speaker is null ? input.File : $"{input.File}, {speaker}";

    /// <summary>Whether it tells what is told once of a recording.</summary>
    public bool IsFirst { get; init; }

    private TranscribeSettings Settings => run.Settings;

    /// <returns>False when audio is lost; a line on standard error has said so.</returns>
    public async Task<bool> TranscribeAsync(Action<TranscriptionEvent> take, CancellationToken cancellationToken)
    {
        var isWhole = true;
        var from = earlier is [.., var last] ? new ResumePoint(last.Index, last.Time) : default;
        var audio = await AudioFile.OpenAsync(input.File, Settings.AudioOf(channel), Settings.IsRaw, run.Surroundings.OpenInput, cancellationToken).ConfigureAwait(false);
        await using (audio.ConfigureAwait(false))
        {
            Note(audio, from);
            using var givingUp = new CancellationTokenSource();
            using var interrupted = cancellationToken.Register(() => givingUp.CancelAfter(input.IsStandardInput ? Farewell : TimeSpan.Zero));
            using var shown = run.Progress.Begin(_name, audio.Length, from);
            await foreach (var happened in run.Client.TranscribeAsync(audio.ReadAsync(from.Time, CancellationToken.None), Options(from), givingUp.Token).ConfigureAwait(false))
            {
                run.Begin();
                isWhole &= happened is not AudioGap;
                shown.Take(happened);
                take(happened);
                if (Settings.Client.IsOpus && happened is ChannelClosed { Summary: { AudioSent.Ticks: > 0 } sent })
                {
                    var samples = sent.AudioSent.TotalSeconds * Settings.SampleRate * sizeof(short);
                    run.Screen.Note(FormattableString.Invariant($"{_name}: sent {sent.BytesSent:N0} bytes of Opus in place of {samples:N0}{(sent.BytesSent < samples ? FormattableString.Invariant($", {sent.BytesSent / samples:P1}") : "")}"));
                }

                if (Warning(happened) is { } warning)
                {
                    (happened is AudioGap ? run.Screen.Report : (Action<string>)run.Screen.Note)($"{_name}: {warning}");
                }
            }

            if (IsFirst)
            {
                foreach (var warning in audio.Warnings)
                {
                    run.Screen.Report($"{input.File}: {warning.Replace("The audio is", "it is", StringComparison.Ordinal)}");
                }
            }

            shown.Complete();
        }

        return isWhole;
    }

    private void Note(AudioFile audio, ResumePoint from)
    {
        if (IsFirst && audio.Conversion is { } conversion)
        {
            run.Screen.Note($"{input.File}: {conversion}");
        }

        if (from.Sentences > 0)
        {
            run.Screen.Note($"{_name}: goes on at {TextTranscript.Clock(from.Time)}, after {from.Sentences} {(from.Sentences == 1 ? "sentence" : "sentences")}");
        }
    }

    private TranscriptionOptions Options(ResumePoint from) => new()
    {
        SampleRate = Settings.SampleRate,
        Encoder = Settings.Client.Encoder,
        Model = Settings.Model,
        SendRate = Settings.Speed,
        ResumeFrom = from.Sentences > 0 ? from : null,
        EnableIntermediateResult = run.Transcript is JsonTranscript || run.Surroundings.TerminalWidth() is not null || run.Surroundings.ErrorWidth() is not null,
        EnablePunctuationPrediction = true,
        EnableInverseTextNormalization = true,
        EnableWords = Settings.IsResumed || Settings.WritesFiles || Settings.Formats[0] != OutputFormat.Text,
    };

    /// <summary>What is told of an event; null for nothing.</summary>
    public static string? Warning(TranscriptionEvent happened) => happened switch
    {
        Reconnecting lost => FormattableString.Invariant($"no connection; attempt {lost.Attempt} in {lost.Delay.TotalSeconds:0.0} s ({Problem.Describe(lost.Cause)})"),
        AudioGap gap => $"the audio from {TextTranscript.Clock(gap.From)} to {TextTranscript.Clock(gap.To)} is lost; transcribe it again",
        _ => null,
    };
}
