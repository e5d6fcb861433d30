using System.Collections.Concurrent;
using SpeechStream.Cli.Inputs;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Transcription;

/// <summary>Says before the start how much audio there is, because that is how long it takes.</summary>
internal static class TotalLength
{
    // Headers are read at once; ffmpeg takes a moment for each recording.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <returns>The lengths that are known.</returns>
    public static async Task<IReadOnlyDictionary<Input, TimeSpan>> TellAsync(IReadOnlyList<Input> inputs, TranscribeSettings settings, int most, Screen screen, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var least = surroundings.ErrorWidth() is null ? 2 : 1;
        var lengths = new ConcurrentDictionary<Input, TimeSpan>();
        if (inputs.Count < least)
        {
            return lengths;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(Longest);
        try
        {
            await Parallel.ForEachAsync(inputs.Where(input => !input.IsReadOnce), enough.Token, async (input, _) =>
            {
                if (await LengthOfAsync(input, settings, surroundings).ConfigureAwait(false) is { } length)
                {
                    lengths[input] = length;
                }
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What is known so far is told.
        }

        var known = lengths.Values.Count(length => length > TimeSpan.Zero);
        if (known >= least)
        {
            var pace = double.IsInfinity(settings.Speed) ? "as fast as they are taken" : FormattableString.Invariant($"an hour takes {Words(1 / settings.Speed)} at --speed {settings.Speed}");
            screen.Note($"{known} {(known == 1 ? "recording" : "recordings")}{(known < inputs.Count ? $" of {inputs.Count}" : "")}, {TextTranscript.Clock(SumOf(lengths))[..^2]} in all, {Math.Min(most, inputs.Count)} at once; {pace}");
        }

        return lengths;
    }

    /// <summary>The length of all; null when that isn't known.</summary>
    public static TimeSpan? Of(IReadOnlyList<Input> inputs, IReadOnlyDictionary<Input, TimeSpan> lengths, TranscribeSettings settings) =>
        lengths.Count == inputs.Count && !settings.HearsEach ? SumOf(lengths) : null;

    private static TimeSpan SumOf(IReadOnlyDictionary<Input, TimeSpan> lengths) => lengths.Values.Aggregate(TimeSpan.Zero, (sum, length) => sum + length);

    // Whoever transcribes it is told what is wrong with it. Nothing of it will be heard.
    private static async Task<TimeSpan?> LengthOfAsync(Input input, TranscribeSettings settings, Surroundings surroundings)
    {
        try
        {
            var audio = await AudioFile.OpenAsync(input.File, settings.AudioOf(null), settings.IsRaw, surroundings.OpenInput, CancellationToken.None).ConfigureAwait(false);
            await using (audio.ConfigureAwait(false))
            {
                return audio.Length;
            }
        }
        catch (Exception exception) when (Problem.IsExpected(exception))
        {
            return TimeSpan.Zero;
        }
    }

    private static string Words(double hours) => hours == 1 ? "an hour" : FormattableString.Invariant($"{hours * 60:0} minutes");
}
