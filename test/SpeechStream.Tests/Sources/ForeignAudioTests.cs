using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using SpeechStream.Tests.Audio;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Sources;

/// <summary>Audio that is something else than the options say is refused before connecting: the service would hear noise, and bill it.</summary>
public sealed class ForeignAudioTests : IDisposable
{
    private readonly SpeechStreamClient _client = new(
        new() { AppKey = "app-key", Credential = SpeechCredential.FromToken("token") },
        loggerFactory: null,
        (_, _) => throw new InvalidOperationException("It connected."));

    public static TheoryData<string, string> Named => new()
    {
        { "1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "WebM" },
        { "1A45DFA3A34286810142F7810142F2810442F38108428288" + Ascii("matroska"), "Matroska" },
        { Ascii("FORM") + "00000C80" + Ascii("AIFFCOMM"), "AIFF" },
        { Ascii("FORM") + "00000C80" + Ascii("AIFCFVER"), "AIFF" },
        { Ascii("fLaC") + "00000022", "FLAC" },
        { "0000001C" + Ascii("ftypM4A ") + "00000000", "MP4" },
        { "00000008" + Ascii("wide") + "00001000" + Ascii("mdat"), "QuickTime" },
        { "3026B2758E66CF11A6D900AA0062CE6C", "WMA" },
        { Ascii("riff") + "2E91CF11A5D628DB04C10000", "Wave64" },
        { Ascii(".snd") + "0000001800000C8000000003", "AU" },
        { Ascii("caff") + "00010000", "CAF" },
        { "504B0304140000000800", "ZIP" },
        { Ascii("%PDF-1.7\n"), "PDF" },
        { "1F8B0800000000000003", "gzip" },
        { Ascii("BZh91AY&SY"), "a bzip2 archive" },
        { "FD377A585A000004", "an xz archive" },
        { "28B52FFD0458", "a zstd archive" },
        { "FFD8FFE000104A464946", "an image" },
        { "FFD8FFDB00430003", "image" },
        { Ascii("GIF89a"), "image" },
        { "D0CF11E0A1B11AE1", "an Office document" },
        { Ascii("SQLite format 3\0"), "a database" },
        { "7F454C46020101", "a program" },
        { Ascii("TTA1") + "01000200", "True Audio" },
        { Ascii(".RMF") + "00000012", "RealMedia" },
        { Ascii("Creative Voice File") + "1A1A00", "VOC" },
        { Ascii("<!DOCTYPE html>"), "text" },
        { Ascii("ID3") + "04000000000A" + "54", "MP3" },
        { Ascii("#!AMR\n") + "3C", "AMR" },
        { Ascii("#!SILK_V3"), "SILK" },
        { Ascii("RIFX") + "00000CA4" + Ascii("WAVEfmt "), "RIFX" },
        { Ascii("RIFF") + "A40C0000" + Ascii("AVI LIST"), "RIFF" },
        { Page(Ascii("OpusHead") + "01"), "Opus" },
        { Page("01" + Ascii("vorbis") + "00"), "Vorbis" },
        { Page(Ascii("Speex   ") + "31"), "Speex" },
        { Page("7F" + Ascii("FLAC") + "010000"), "FLAC" },
        { Page(Ascii("fishead\0") + "00"), "Ogg" },
    };

    [Theory]
    [MemberData(nameof(Named))]
    public async Task Another_format_than_raw_samples_is_named(string start, string name)
    {
        (await RefusalOfAsync(Bytes(start, 4000), new())).Should().Contain($" {name}");
    }

    [Theory]
    [MemberData(nameof(Named))]
    public async Task Another_format_than_WAV_is_named(string start, string name)
    {
        (await RefusalOfAsync(Bytes(start, 4000), new() { Format = AudioFormat.Wav })).Should().Contain($" {name}");
    }

    [Theory]
    [MemberData(nameof(Named))]
    public async Task It_is_named_in_pieces_of_a_byte_as_well(string start, string name)
    {
        (await RefusalOfAsync(Pieces(Bytes(start, 400)), new())).Should().Contain($" {name}");
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("\uFEFF{\"error\": \"The recording has expired\"}")]
    [InlineData("This is the transcript of a meeting, which somebody has saved under the name of the recording.\r\n")]
    [InlineData("今天天气很好，我们去公园吧。今天天气很好，我们去公园吧。")]
    public async Task Text_is_named(string text)
    {
        (await RefusalOfAsync(Encoding.UTF8.GetBytes(text), new())).Should().Contain(" text").And.NotContain("ffmpeg");
    }

    [Theory]
    [InlineData(AudioFormat.Mp3, "Set TranscriptionOptions.Format to Wav")]
    [InlineData(AudioFormat.Opus, "Set TranscriptionOptions.Format to Wav")]
    public async Task WAV_is_no_compressed_format(AudioFormat format, string wayOut)
    {
        (await RefusalOfAsync(File(new byte[3200]), new() { Format = format })).Should().Contain("WAV").And.Contain(wayOut);
    }

    [Fact]
    public async Task Vorbis_in_Ogg_is_not_sent_as_Opus()
    {
        var vorbis = Bytes(Page("01" + Ascii("vorbis") + "00"), 4000);

        (await RefusalOfAsync(vorbis, new() { Format = AudioFormat.Opus })).Should().Contain("Vorbis").And.Contain("ffmpeg");
    }

    [Theory]
    [InlineData("4944330400000000000A54", "in.mp3")]
    [InlineData("0000001C667479704D344120", "in.m4a")]
    [InlineData("664C614300000022", "in.flac")]
    [InlineData("1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "in.webm")]
    [InlineData("5249465800000CA457415645666D7420", "in.wav")]
    public async Task The_command_that_converts_it_names_a_file_of_its_kind(string start, string file)
    {
        (await RefusalOfAsync(Bytes(start, 4000), new())).Should().Contain($"ffmpeg -i {file} -ar 16000");
    }

    [Fact]
    public async Task A_format_that_the_service_takes_is_named_as_the_way_out()
    {
        var opus = Bytes(Page(Ascii("OpusHead") + "01"), 4000);

        (await RefusalOfAsync(opus, new())).Should().Contain("Set TranscriptionOptions.Format to Opus");
    }

    [Theory]
    [InlineData("FFFB9064", 417)]
    [InlineData("FFF15080343FFC", 417)]
    [InlineData("47400010", 188)]
    public async Task Frames_of_MPEG_audio_are_no_WAV(string header, int length)
    {
        (await RefusalOfAsync(Frames(header, length), new() { Format = AudioFormat.Wav })).Should().ContainAny("MP3", "AAC", "MPEG-TS");
    }

    [Theory]
    [InlineData("FFFB9064", 417)]
    [InlineData("FFF15080343FFC", 417)]
    [InlineData("FFFB9064", 418)]
    [InlineData("47400010", 188)]
    public async Task Samples_like_MPEG_frames_are_no_reason_to_refuse_raw_samples(string header, int length)
    {
        await ShouldConnectAsync(Frames(header, length), new());
    }

    [Theory]
    [InlineData("", 3200)]
    [InlineData("49443300", 3200)]
    [InlineData("FFFE4100", 3200)]
    [InlineData("41", 1)]
    public async Task Samples_are_taken(string start, int length) => await ShouldConnectAsync(Bytes(start, length), new());

    [Theory]
    [InlineData("EFBBBF", 3)]
    [InlineData("0000", 2)]
    [InlineData("0D0A", 2)]
    public async Task Bytes_before_a_WAV_header_are_told(string before, int count)
    {
        byte[] file = [.. Convert.FromHexString(before), .. File(new byte[3200])];

        (await RefusalOfAsync(file, new())).Should().Contain($"{count} bytes before its WAV header").And.Contain($"tail -c +{count + 1}");
    }

    [Fact]
    public async Task A_block_of_NULs_before_a_WAV_header_is_told()
    {
        byte[] file = [.. new byte[512], .. File(new byte[3200])];

        (await RefusalOfAsync(file, new())).Should().Contain("512 bytes before its WAV header");
    }

    [Fact]
    public async Task A_WAV_header_that_breaks_off_is_told()
    {
        (await RefusalOfAsync("RIFF"u8.ToArray(), new())).Should().Contain("ended within its header, after 4 bytes");
    }

    [Fact]
    public async Task BW64_is_read_as_RF64_is()
    {
        var file = File(LossOracle.Speech(1600, 1));
        "BW64"u8.CopyTo(file);

        await ShouldConnectAsync(file, new());
    }

    public void Dispose() => _client.Dispose();

    private static string Ascii(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text));

    private static string Page(string packet) => Ascii("OggS") + "0002" + "0000000000000000" + "01020304" + "00000000" + "05060708" + "01" + "13" + packet;

    /// <summary>Padded with bytes that are no text, no silence and no WAV.</summary>
    private static byte[] Bytes(string start, int length)
    {
        var bytes = Enumerable.Repeat((byte)0x90, length).ToArray();
        Convert.FromHexString(start).CopyTo(bytes, 0);
        return bytes;
    }

    private static byte[] Frames(string header, int length) => [.. Enumerable.Repeat(Bytes(header, length), 12).SelectMany(frame => frame)];

    private static byte[] File(byte[] samples) => WaveFile.Riff(36 + (uint)samples.Length, WaveFile.Format(), WaveFile.Chunk("data", samples));

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] bytes, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        for (var i = 0; i < bytes.Length; i++)
        {
            yield return bytes.AsMemory(i, 1);
        }
    }

    private async Task<string> RefusalOfAsync(byte[] audio, TranscriptionOptions options)
    {
        var ofPipe = await RefusalOfAsync(_client.TranscribeAsync(PipeReader.Create(new MemoryStream(audio)), options));
        var ofStream = await RefusalOfAsync(_client.TranscribeAsync(new MemoryStream(audio), options));
        ofStream.Should().Be(ofPipe);
        return ofStream;
    }

    private Task<string> RefusalOfAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, TranscriptionOptions options) =>
        RefusalOfAsync(_client.TranscribeAsync(audio, options));

    private static async Task<string> RefusalOfAsync(IAsyncEnumerable<TranscriptionEvent> events)
    {
        var reading = async () => await events.CountAsync();
        return (await reading.Should().ThrowAsync<ArgumentException>()).Which.Message;
    }

    private async Task ShouldConnectAsync(byte[] audio, TranscriptionOptions options)
    {
        var reading = async () => await _client.TranscribeAsync(new MemoryStream(audio), options).CountAsync();
        await reading.Should().ThrowAsync<InvalidOperationException>().WithMessage("It connected.");
    }
}
