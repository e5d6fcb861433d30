using System.Globalization;
using System.Text;
using CsCheck;

namespace SpeechStream.Captions.Tests;

public sealed class WriterTests
{
    private static readonly Gen<Cue> AnyCue = Gen.Select(
        Gen.Long[0, 400_000_000], Gen.Int[1, 60_000], Gen.String[Gen.Char["ab01 \n\r\t&<>;-\u0085\u2028\0國，é"], 0, 30].Where(text => text.Trim().Length > 0), Gen.OneOf(null, "Ann", "A & <B>", "主持人"),
        (start, duration, text, speaker) => new Cue(TimeSpan.FromMilliseconds(start), TimeSpan.FromMilliseconds(start + duration), text) { Speaker = speaker });

    [Fact]
    public async Task SubRip_is_written_as_players_know_it() => (await Written(stream => new SrtWriter(stream), Examples)).Should().Be(
        "1\n00:00:01,000 --> 00:00:02,500\nGood morning,\neverybody.\n\n"
        + "2\n00:59:59,999 --> 01:00:00,000\nAnn: a < b & c -- > d\n\n"
        + "3\n100:00:00,000 --> 1000:00:00,001\n國\n\n");

    [Fact]
    public async Task WebVTT_is_written_as_browsers_know_it() => (await Written(stream => new WebVttWriter(stream), Examples)).Should().Be(
        "WEBVTT\n\n"
        + "00:00:01.000 --> 00:00:02.500\nGood morning,\neverybody.\n\n"
        + "00:59:59.999 --> 01:00:00.000\n<v Ann>a &lt; b &amp; c --&gt; d\n\n"
        + "100:00:00.000 --> 1000:00:00.001\n國\n\n");

    [Fact]
    public async Task No_culture_changes_a_file()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "٫", NegativeSign = "~", NativeDigits = ["٠", "١", "٢", "٣", "٤", "٥", "٦", "٧", "٨", "٩"] }, DateTimeFormat = { TimeSeparator = "." } };
            await SubRip_is_written_as_players_know_it();
            await WebVTT_is_written_as_browsers_know_it();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void WebVTT_gives_back_what_was_written_in_it() => AnyCue.Array[0, 6].Sample(cues =>
        Read(Written(stream => new WebVttWriter(stream), cues).Result).Should().Equal(cues.Where(HasText).Select(cue => cue with { Text = Shown(cue.Text) })));

    [Fact]
    public void SubRip_gives_back_what_was_written_in_it() => AnyCue.Array[0, 6].Sample(cues =>
        Read(Written(stream => new SrtWriter(stream), cues).Result).Should().Equal(cues.Where(HasText).Select(cue =>
            cue with { Text = ((cue.Speaker is null ? "" : cue.Speaker + ": ") + Shown(cue.Text)).Replace("-->", "-- >", StringComparison.Ordinal), Speaker = null })));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_is_whole_after_each_write_and_each_cue_is_one(bool isWebVtt) => AnyCue.Array[0, 6].Sample(cues =>
    {
        var stream = new RecordingStream();
        CueWriter writer = isWebVtt ? new WebVttWriter(stream) : new SrtWriter(stream);
        var head = isWebVtt ? 1 : 0;
        foreach (var (cue, i) in cues.Where(HasText).Select((cue, i) => (cue, i)))
        {
            writer.WriteAsync(cue).GetAwaiter().GetResult();
            stream.Writes.Should().HaveCount(head + i + 1);
        }

        stream.Flushed.Should().Equal(Enumerable.Range(1, stream.Writes.Count), "each write is flushed before the next one");
        for (var i = head; i <= stream.Writes.Count; i++)
        {
            var file = Encoding.UTF8.GetString(stream.Writes.Take(i).SelectMany(write => write).ToArray());
            Read(file).Should().HaveCount(i - head);
            (file.Length == 0 || file.EndsWith("\n\n", StringComparison.Ordinal)).Should().BeTrue();
        }
    });

    [Fact]
    public async Task Live_cues_and_empty_ones_are_not_written()
    {
        Cue[] cues = [new(default, Second, "live") { IsFinal = false }, new(default, Second, ""), new(default, Second, " \n\t"), new(default, Second, "final")];

        (await Written(stream => new SrtWriter(stream), cues)).Should().Be("1\n00:00:00,000 --> 00:00:01,000\nfinal\n\n");
    }

    [Theory]
    [InlineData(-1, 500)]
    [InlineData(500, 500)]
    [InlineData(500, 100)]
    [InlineData(1.2, 1.9)]
    public async Task A_cue_with_impossible_times_is_refused_and_nothing_is_written(double start, double end)
    {
        var stream = new RecordingStream();

        await new SrtWriter(stream).Awaiting(writer => writer.WriteAsync(new(TimeSpan.FromMilliseconds(start), TimeSpan.FromMilliseconds(end), "text"))).Should().ThrowAsync<ArgumentException>();

        stream.Writes.Should().BeEmpty();
    }

    [Fact]
    public async Task Canceling_leaves_no_half_cue()
    {
        var stream = new RecordingStream();

        await new SrtWriter(stream).Awaiting(writer => writer.WriteAsync(new(default, Second, "text"), new CancellationToken(canceled: true))).Should().ThrowAsync<OperationCanceledException>();

        stream.Writes.Should().BeEmpty();
    }

    private static TimeSpan Second => TimeSpan.FromSeconds(1);

    private static Cue[] Examples =>
    [
        new(TimeSpan.FromMilliseconds(1000.9), TimeSpan.FromMilliseconds(2500.9), "Good morning,\r\n\n  \neverybody.\n"),
        new(TimeSpan.FromMilliseconds(3_599_999), TimeSpan.FromHours(1), "a < b & c --> d") { Speaker = "Ann" },
        new(TimeSpan.FromHours(100), TimeSpan.FromHours(1000) + TimeSpan.FromMilliseconds(1), "國"),
    ];

    private static bool HasText(Cue cue) => Shown(cue.Text).Length > 0;

    // What is left of a text: its lines, without those that are blank, and without control characters.
    private static string Shown(string text) => string.Join('\n', text.Split('\n', '\r', '\u0085', '\u2028').Select(line => line.Replace('\0', ' ').Replace('\t', ' ').Trim()).Where(line => line.Length > 0));

    private static List<Cue> Read(string file) => CaptionReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(file))).ToBlockingEnumerable().ToList();

    private static async Task<string> Written(Func<Stream, CueWriter> open, IEnumerable<Cue> cues)
    {
        var stream = new MemoryStream();
        var writer = open(stream);
        foreach (var cue in cues)
        {
            await writer.WriteAsync(cue);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
