using System.Text;
using SpeechStream.Media.Tests.Support;
using static SpeechStream.Media.Tests.Support.Waves;

namespace SpeechStream.Media.Tests;

/// <summary>What can't be heard is refused when it is opened, with what was found and what to do.</summary>
public sealed class RefusalTests
{
    public static TheoryData<string, string> Kinds => new()
    {
        { "empty", "The audio is empty: 0 s of audio." },
        { "one byte", "The audio is empty: 0 s of audio." },
        { "raw", "The audio has no header that is known. If it is raw 16-bit mono samples, give it to TranscribeAsync as it is; if not, convert it: ffmpeg" },
        { "text", "The audio is text, which is no recording. Give a recording." },
        { "PDF", "The audio is a PDF document, which is no recording." },
        { "BOM", "The audio has 3 bytes before its WAV header. Remove them: tail -c +4" },
        { "no samples", "The WAV audio has no samples: 0 s of audio" },
        { "AIFF without samples", "The AIFF audio has no samples: 0 s of audio" },
        { "half a sample", "The WAV audio has no samples: 0 s of audio" },
        { "header", "The WAV audio ended within its header, after 30 bytes. Give the whole recording." },
        { "AIFF header", "The audio ended within its header, after 30 bytes. Give the whole recording." },
        { "block align", "The WAV header is malformed: its samples have 4 bytes in place of 2." },
        { "AIFF bits", "The WAV header is malformed: its samples have 40 bits" },
        { "padding", "The WAV header is malformed: its chunk 'LIST' of 5 bytes lacks the byte of padding" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_can_not_be_heard_is_refused(string kind, string message)
    {
        var noise = Sound.Noise(0.5, 16000, 1);
        var file = kind switch
        {
            "empty" => [],
            "one byte" => [7],
            "raw" => Bytes(noise, 16, Pcm),
            "text" => Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>404 Not Found</body></html>\n"),
            "PDF" => [.. "%PDF-1.7\n"u8, .. new byte[1000]],
            "BOM" => [0xEF, 0xBB, 0xBF, .. Wave(noise, 16000)],
            "no samples" => Wave([], 16000),
            "AIFF without samples" => Aiff([], 16000),
            "half a sample" => [.. Wave([], 16000), 1],
            "header" => Wave(noise, 16000)[..30],
            "AIFF header" => Aiff(noise, 16000)[..30],
            "block align" => Riff([.. Chunk("fmt ", [1, 0, 1, 0, 0x80, 0x3E, 0, 0, 0, 0xFA, 0, 0, 4, 0, 16, 0]), .. Chunk("data", new byte[3200])]),
            "AIFF bits" => Aiff(noise, 16000, bits: 40),
            _ => Riff([.. Format(16000, 1, 16, Pcm), .. "LIST\x05\0\0\0abcde"u8, .. Chunk("data", new byte[3200])]),
        };

        var whole = () => AudioSource.OpenAsync(new MemoryStream(file)).Within();
        var live = () => AudioSource.OpenAsync(Pieces.Of(file, 1)).Within();

        (await whole.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().StartWith(message);
        (await live.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().StartWith(message);
    }

    [Theory]
    [InlineData(44100, null, "SampleRate is 44100. Allowed: 8000 or 16000.*")]
    [InlineData(16000, 0, "Channel is 0. Allowed: 1 and more, or null for all channels.*")]
    public async Task Options_are_checked_before_anything_is_read(int sampleRate, int? channel, string message)
    {
        var open = () => AudioSource.OpenAsync("/no/file", new() { SampleRate = sampleRate, Channel = channel });

        await open.Should().ThrowAsync<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public async Task A_missing_file_is_an_error_of_the_file()
    {
        var open = () => AudioSource.OpenAsync("/no/file");

        await open.Should().ThrowAsync<IOException>();
    }
}
