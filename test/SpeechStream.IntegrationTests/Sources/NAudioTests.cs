using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Node;
using SpeechStream.IntegrationTests.Readme;

namespace SpeechStream.IntegrationTests.Sources;

/// <summary>The recipe of the example NAudioFile, for what NAudio reads.</summary>
public sealed class NAudioTests : IDisposable
{
    private readonly string _file = Path.Combine(AppContext.BaseDirectory, $"{Guid.NewGuid():N}.wav");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(44_100, 2)]
    [InlineData(48_000, 1)]
    [InlineData(16_000, 1)]
    public void A_recording_is_converted_to_16_kHz_mono(int sampleRate, int channels)
    {
        File.WriteAllBytes(_file, Speech.Wave(Tone(seconds: 3, sampleRate, channels), sampleRate, channels));

        var samples = Recording.Read(_file).SelectMany(piece => piece.ToArray()).Chunk(2).Select(sample => BitConverter.ToInt16(sample)).ToList();

        // A tone of 1 kHz goes through zero 2000 times a second, if its time isn't stretched.
        samples.Count.Should().BeCloseTo(48_000, 500);
        samples.Zip(samples.Skip(1)).Count(pair => pair.First < 0 != pair.Second < 0).Should().BeInRange(5_900, 6_100);
    }

    [Fact]
    public void Samples_that_the_service_takes_are_not_converted()
    {
        var audio = Speech.Noise(1);
        File.WriteAllBytes(_file, Speech.Wave(audio));

        Recording.Read(_file).SelectMany(piece => piece.ToArray()).Should().Equal(audio);
    }

    [Theory]
    [InlineData("6 channels", "The recording has 6 channels. Make it mono or stereo first.")]
    [InlineData("empty", "The file is empty, or ends within its WAV header.")]
    [InlineData("no samples", "The recording has no audio.")]
    public async Task The_example_says_what_it_cannot_take(string kind, string expected)
    {
        File.WriteAllBytes(_file, kind switch
        {
            "6 channels" => Speech.Wave(Tone(seconds: 1, 48_000, channels: 6), 48_000, channels: 6),
            "no samples" => Speech.Wave([]),
            _ => [],
        });

        var (exitCode, output, errors) = await RunExampleAsync(_file);

        Assert.SkipWhen(errors.Contains("apt-get", StringComparison.Ordinal), errors);
        (exitCode, output).Should().Be((1, ""), errors);
        errors.Should().Be($"NLS_APP_KEY isn't set: the local PocketSphinx recognizer transcribes{Environment.NewLine}{_file}: {expected}{Environment.NewLine}");
    }

    [Fact]
    public async Task The_example_says_how_it_is_used()
    {
        var (exitCode, _, errors) = await RunExampleAsync();

        (exitCode, errors).Should().Be((2, $"Name a WAV file: dotnet run --project examples/NAudioFile -- meeting.wav{Environment.NewLine}"));
    }

    [Fact]
    public async Task A_converted_recording_is_transcribed_with_its_own_times()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        File.WriteAllBytes(_file, Speech.Wave(Tone(seconds: 3, 44_100, channels: 2), 44_100, channels: 2));

        var events = await client.TranscribeAsync(Recording.Read(_file).ToAsyncEnumerable(), Speech.Unpaced).ToListAsync();

        events.Finals().Should().Equal(Speech.Expected([.. Recording.Read(_file).SelectMany(piece => piece.ToArray())]));
        events.OfType<ChannelClosed>().Single().Summary!.AudioWritten.Should().BeCloseTo(TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(50));
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunExampleAsync(params string[] arguments)
    {
        var built = Path.GetRelativePath(Path.Combine(Repository.Root, "test", "SpeechStream.IntegrationTests"), AppContext.BaseDirectory);
        return Command.RunAsync(Repository.Root, ["dotnet", Path.Combine(Repository.Root, "examples", "NAudioFile", built, "NAudioFile.dll"), .. arguments]);
    }

    private static byte[] Tone(int seconds, int sampleRate, int channels) =>
    [
        .. Enumerable.Range(0, seconds * sampleRate)
            .Select(at => BitConverter.GetBytes((short)(10_000 * Math.Sin(2 * Math.PI * 1000 * (at + 0.5) / sampleRate))))
            .SelectMany(sample => Enumerable.Repeat(sample, channels).SelectMany(bytes => bytes)),
    ];
}
