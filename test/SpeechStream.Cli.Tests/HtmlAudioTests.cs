using SpeechStream.Cli.Output.Html;

namespace SpeechStream.Cli.Tests;

/// <summary>The address of the recording, and its waveform.</summary>
public sealed class HtmlAudioTests
{
    [Theory]
    [InlineData("/audio/a.wav", "/audio/a.html", "a.wav")]
    [InlineData("/audio/a b#?%\"<>&.wav", "/audio/a.html", "a%20b%23%3F%25%22%3C%3E%26.wav")]
    [InlineData("/audio/会议.wav", "/audio/会议.html", "%E4%BC%9A%E8%AE%AE.wav")]
    [InlineData("/audio/a.wav", "/pages/new ones/a.html", "../../audio/a.wav")]
    [InlineData("/audio/c:d/javascript:x.wav", "/audio/a.html", "c%3Ad/javascript%3Ax.wav")]
    public void The_recording_is_addressed_from_the_page(string recording, string page, string address)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These names are no names there.");

        HtmlAudio.Relative(recording, page).Should().Be(address);
    }

    [Fact]
    public async Task A_recording_becomes_part_of_the_page_whatever_its_name_is()
    {
        using var recording = Recording.Of(Recording.Wave(1).Content, ".txt");

        (await HtmlAudio.EmbedAsync(recording.Path)).Should().Be("data:audio/wav;base64," + Convert.ToBase64String(recording.Content));
    }

    [Fact]
    public async Task What_is_too_large_is_refused()
    {
        using var recording = Recording.Of([], ".wav");
        using (var file = File.OpenWrite(recording.Path))
        {
            file.SetLength(HtmlAudio.MaxEmbeddedBytes + 1);
        }

        var embedding = () => HtmlAudio.EmbedAsync(recording.Path);

        await embedding.Should().ThrowAsync<ArgumentException>().WithMessage("It has 20.0 MB, and at most 20 MB*Leave out --embed-audio*");
    }

    [Theory]
    [InlineData("#!AMR\n0123456789", "It is AMR, which browsers don't play*ffmpeg*")]
    [InlineData("0123456789abcdef", "It is text, which browsers don't play*")]
    [InlineData("", "It is no known audio file, which browsers don't play*")]
    public async Task What_browsers_do_not_play_is_refused(string content, string message)
    {
        using var recording = Recording.Of(System.Text.Encoding.ASCII.GetBytes(content), ".wav");

        var embedding = () => HtmlAudio.EmbedAsync(recording.Path);

        await embedding.Should().ThrowAsync<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void The_waveform_keeps_every_peak_in_bounded_memory()
    {
        var random = new Random(1);
        foreach (var length in (int[])[0, 1, 1999, 2000, 2001, 4000, 4001, 123_457, 3_000_000])
        {
            var samples = new byte[2 * length];
            random.NextBytes(samples);
            var peaks = new WaveformPeaks();

            for (var at = 0; at < samples.Length;)
            {
                var size = Math.Min(random.Next(0, 10_000), samples.Length - at);
                peaks.Add(samples.AsSpan(at, size));
                at += size;
            }

            var step = 1;
            while ((length + step - 1) / step > WaveformPeaks.MaxSteps)
            {
                step *= 2;
            }

            var expected = Enumerable.Range(0, length).Select(index => Math.Abs((int)BitConverter.ToInt16(samples, 2 * index)) / 32768f).Chunk(step).Select(chunk => chunk.Max());
            peaks.Values.Should().Equal(expected, "of {0} samples", length);
        }
    }

    [Fact]
    public void A_long_recording_needs_no_more_memory()
    {
        var block = new byte[32_000];
        Hear(new WaveformPeaks(), block); // What the runtime needs to compile this again, and better, isn't counted.
        var peaks = new WaveformPeaks();
        peaks.Add(block);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Hear(peaks, block);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        peaks.Values.Count.Should().BeInRange(WaveformPeaks.MaxSteps / 2, WaveformPeaks.MaxSteps);
    }

    private static void Hear(WaveformPeaks peaks, byte[] block)
    {
        for (var second = 0; second < 7200; second++)
        {
            peaks.Add(block);
        }
    }
}
