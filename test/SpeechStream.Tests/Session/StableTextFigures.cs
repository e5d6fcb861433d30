using System.Globalization;

namespace SpeechStream.Tests.Session;

/// <summary>How good the stable texts of a session were. Written as a row of the table in reference.md.</summary>
internal sealed record StableTextFigures(int Sentences, int Results, int Beginning, int Shrinking, int Revised, double MedianDelay)
{
    public static StableTextFigures Of(List<TranscriptionEvent> events)
    {
        var finals = events.OfType<SentenceEnd>().ToList();
        var results = events.OfType<TranscriptionResultChanged>().ToLookup(result => result.Index);
        var all = results.SelectMany(sentence => sentence).ToList();
        var delays = finals.SelectMany(final => Delays(final.Text, [.. results[final.Index]])).Order().ToList();
        return new(
            finals.Count,
            all.Count,
            all.Count(result => result.Text.StartsWith(result.StableText, StringComparison.Ordinal)),
            results.Sum(sentence => sentence.Zip(sentence.Skip(1)).Count(pair => !pair.Second.StableText.StartsWith(pair.First.StableText, StringComparison.Ordinal))),
            finals.Count(final => final.RevisedStableText),
            delays[delays.Count / 2]);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Sentences} | {Results} | {100.0 * Beginning / Results:0.#} % | {100.0 * Shrinking / Results:0.#} % | {Revised} of {Sentences} | {MedianDelay:0} ms |");

    /// <summary>Of each word of the final text: ms of audio from where an interim result has it until the stable text has it.</summary>
    private static IEnumerable<double> Delays(string final, List<TranscriptionResultChanged> results)
    {
        for (var length = 1; length <= final.Length; length++)
        {
            if ((length == final.Length || final[length] == ' ')
                && results.Find(result => Has(result.StableText)) is { } settled
                && results.Find(result => Has(result.Text)) is { } shown)
            {
                yield return (settled.Time - shown.Time).TotalMilliseconds;
            }

            bool Has(string text) => text.AsSpan().StartsWith(final.AsSpan(0, length)) && (text.Length == length || text[length] == ' ');
        }
    }
}
