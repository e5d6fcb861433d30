using System.Globalization;
using SpeechStream.Session.Events;

namespace SpeechStream.Tests.Session;

/// <summary>What reference.md claims of the stable text is measured here.</summary>
public sealed class StableTextQualityTests
{
    private static readonly string[] Vocabulary = "the a of please press one two three number line hold call again list people agent later open close time".Split(' ');

    private readonly SentenceHistory _history = new();
    private readonly List<TranscriptionEvent> _events = [];

    /// <summary>
    /// What the local recognizer said of the quick start's recording, and of five sentences of "Sense and Sensibility" that a volunteer of LibriVox read
    /// (Debian's package pocketsphinx-testdata), in lines of kind, index, time in ms, text.
    /// </summary>
    [Theory]
    [InlineData("quick-start", 0)]
    [InlineData("read-aloud", 0.03)]
    public void Results_of_a_recognizer_begin_with_it(string recording, double shrinking)
    {
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Session", "Recognized", recording + ".txt")))
        {
            var parts = line.Split(' ', 4);
            Say(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture), parts[3]);
        }

        var figures = StableTextFigures.Of(_events);

        figures.Beginning.Should().Be(figures.Results);
        figures.Shrinking.Should().BeLessThanOrEqualTo((int)(shrinking * figures.Results));
        figures.MedianDelay.Should().BeLessThanOrEqualTo(500);
        ReferencePagesTests.Page("reference.md").Should().Contain($"(`{recording}`) | {figures}");
    }

    [Fact]
    public void Results_of_a_service_that_rewrites_begin_with_it()
    {
        var random = new Random(1);
        for (var index = 1; index <= 300; index++)
        {
            SayRewritten(index, random);
        }

        var figures = StableTextFigures.Of(_events);

        figures.Beginning.Should().Be(figures.Results);
        figures.Shrinking.Should().BeLessThan(figures.Results / 50);
        figures.Revised.Should().BeLessThanOrEqualTo(figures.Sentences / 100);
        ReferencePagesTests.Page("reference.md").Should().Contain($"(`rewriting`) | {figures}");
    }

    /// <summary>
    /// A sentence of 6 to 20 words, with a result every 250 ms: one for each word, and three in the silence at its end. The newest word is half a word or
    /// another one in half of the results, the one before it another one in a quarter. One word in fifty is wrong for two to five results more.
    /// </summary>
    private void SayRewritten(int index, Random random)
    {
        var words = random.GetItems(Vocabulary, random.Next(6, 21));
        var rightFrom = words.Select((_, place) => place + (random.Next(50) == 0 ? random.Next(2, 6) : 0)).ToArray();
        var begin = index * 7000;
        for (var heard = 0; heard < words.Length + 3; heard++)
        {
            var shown = words.Take(heard + 1).Select((word, place) =>
                heard < rightFrom[place] ? "wrong"
                : place == heard ? random.Next(4) switch { 0 => word[..((word.Length + 1) / 2)], 1 => Another(), _ => word }
                : place == heard - 1 && random.Next(4) == 0 ? Another()
                : word);
            Say("result", index, begin + (250 * heard), string.Join(' ', shown));
        }

        Say("final", index, begin + 6000, string.Join(' ', words) + ".");

        string Another() => Vocabulary[random.Next(Vocabulary.Length)];
    }

    private void Say(string kind, int index, int milliseconds, string text)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);
        _events.Add(kind == "result"
            ? new TranscriptionResultChanged { Index = index, Time = time, Text = text, StableText = _history.UpdateStableText(index, text, "", time) }
            : new SentenceEnd { Index = index, Time = time, Text = text, RevisedStableText = _history.Finalize(index, text, time) });
    }
}
