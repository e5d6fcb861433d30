using System.IO.Pipelines;
using SpeechStream.Tests.Audio;
using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Sources;

/// <summary>WAV files as people have them, through a whole transcription.</summary>
public sealed class WaveFileTests : IDisposable
{
    private readonly byte[] _samples = LossOracle.Speech(32_000, 1);
    private readonly RecordedLog _log = new();

    [Fact]
    public async Task Recordings_one_after_another_are_one_recording()
    {
        (await WrittenAsync([.. Recording(32_000), .. Recording(32_000)])).Should().Be(TimeSpan.FromSeconds(2));
        Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task A_recorder_that_was_stopped_hard_loses_nothing()
    {
        (await WrittenAsync(Recording(0))).Should().Be(TimeSpan.FromSeconds(1));
        Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task A_copy_that_broke_off_is_transcribed_with_a_warning()
    {
        (await WrittenAsync(Recording(320_000))).Should().Be(TimeSpan.FromSeconds(1));
        Warnings.Should().ContainSingle().Which.Should().Contain("cut off");
    }

    [Fact]
    public async Task A_length_that_overflowed_is_read_on_with_a_warning()
    {
        (await WrittenAsync(Recording(1000))).Should().Be(TimeSpan.FromSeconds(1));
        Warnings.Should().ContainSingle().Which.Should().Contain("longer than its header says");
    }

    [Fact]
    public async Task A_header_without_samples_is_refused_before_connecting()
    {
        var read = () => WrittenAsync(WaveFile.Riff(36, WaveFile.Format(), WaveFile.Data(0)));

        await read.Should().ThrowAsync<ArgumentException>().WithMessage("The WAV audio has no samples*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_raw_stream_without_a_sample_ends_normally(int bytes) => (await WrittenAsync(new byte[bytes])).Should().Be(TimeSpan.Zero);

    [Fact]
    public async Task Raw_samples_that_begin_like_MP3_are_sent_with_a_warning()
    {
        // Frames of 128 kbit/s at 44.1 kHz.
        byte[] frame = [0xFF, 0xFB, 0x90, 0x64, .. new byte[413]];

        (await WrittenAsync([.. frame, .. frame, .. frame])).Should().BePositive();

        Warnings.Should().ContainSingle().Which.Should().Contain("begins like MP3");
    }

    public void Dispose() => _log.Dispose();

    private IEnumerable<string> Warnings => _log.Entries.Where(entry => entry.Level == Microsoft.Extensions.Logging.LogLevel.Warning).Select(entry => entry.Text);

    private byte[] Recording(uint length) => [.. WaveFile.Riff(36 + (uint)_samples.Length, WaveFile.Format(), WaveFile.Data(length)), .. _samples];

    /// <summary>How much audio the session had, after a normal end.</summary>
    private async Task<TimeSpan> WrittenAsync(byte[] stream)
    {
        var clock = new ManualTimeProvider();
        await using var client = new SpeechStreamClient(
            new() { AppKey = "app-key", Credential = SpeechCredential.FromToken("token"), TimeProvider = clock },
            _log,
            new FakeService(BothServices.Service, clock, () => new Fate()).ConnectAsync);
        var events = await client.TranscribeAsync(PipeReader.Create(new MemoryStream(stream)), new() { SendRate = double.PositiveInfinity }).ToListAsync();
        return ((ChannelClosed)events[^1]).Summary!.AudioWritten;
    }
}
