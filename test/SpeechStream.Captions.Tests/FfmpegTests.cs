using CsCheck;

namespace SpeechStream.Captions.Tests;

/// <summary>Our files, read by ffmpeg.</summary>
public sealed class FfmpegTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("Ann")]
    public Task Ffmpeg_finds_the_same_cues_in_SubRip(string? speaker) => Sample(speaker, async cues =>
        (await ConvertAsync(stream => new SrtWriter(stream), cues, "srt")).Should().Equal(cues.Select(cue =>
            cue with { Text = speaker is null ? cue.Text : $"{speaker}: {cue.Text}", SentenceIndex = 0, Speaker = null })));

    [Theory]
    [InlineData(null)]
    [InlineData("Ann")]
    public Task Ffmpeg_finds_the_same_cues_in_WebVTT(string? speaker) => Sample(speaker, async cues =>
        (await ConvertAsync(stream => new WebVttWriter(stream), cues, "vtt")).Select(cue => (cue.Start, cue.End, cue.Text)).Should().Equal(cues.Select(cue => (cue.Start, cue.End, cue.Text))));

    private static async Task Sample(string? speaker, Func<List<Cue>, Task> holds)
    {
        Assert.SkipUnless(Programs.Find("ffmpeg") is not null, "No ffmpeg on the path: on Debian, apt-get install ffmpeg.");
        await Speech.Any.Array[10].SampleAsync(speeches => holds(Cues(speaker, speeches)), iter: 5, threads: 1);
    }

    /// <summary>Texts that could be taken for something else, and random captions, the last ones beyond a hundred hours.</summary>
    private static List<Cue> Cues(string? speaker, Speech[] speeches)
    {
        string[] texts = ["2024", "1", "00:00:01,000 → 00:00:02,000", "NOTE this", "WEBVTT", "R&D -- 50% of 3 > 2", "-", "a - b", "# no comment"];
        var sentences = texts.Select((text, i) => new SentenceEnd { Index = 1, Text = text, BeginTime = TimeSpan.FromSeconds(3 * i), Time = TimeSpan.FromSeconds((3 * i) + 2) });
        var cues = new List<Cue>(Speech.Captions(sentences, new() { Speaker = speaker }));
        foreach (var speech in speeches)
        {
            var begin = cues[^1].End + TimeSpan.FromHours(11);
            cues.AddRange(speech.Captions(new() { Speaker = speaker }).Select(cue => cue with { Start = begin + cue.Start, End = begin + cue.End }));
        }

        return cues;
    }

    private static async Task<List<Cue>> ConvertAsync(Func<Stream, CueWriter> open, List<Cue> cues, string extension)
    {
        var stream = new MemoryStream();
        var writer = open(stream);
        foreach (var cue in cues)
        {
            await writer.WriteAsync(cue);
        }

        var (exitCode, output, errors) = await Ffmpeg.RewriteAsync(stream.ToArray(), extension);

        (exitCode, errors).Should().Be((0, ""));
        return await CaptionReader.ReadAsync(new MemoryStream(output)).ToListAsync();
    }
}
