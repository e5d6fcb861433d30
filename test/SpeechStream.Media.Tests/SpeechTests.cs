using System.Globalization;
using SpeechStream.Gateway;
using SpeechStream.Media.Tests.Support;

namespace SpeechStream.Media.Tests;

/// <summary>The words of a recording don't depend on its format, beyond what its codec changes.</summary>
public sealed class SpeechTests
{
    private static readonly Lazy<Task<string[]>> Original = new(() => WordsAsync(Recording));

    // LAME and others lose a little; the recognizer takes one word for another there.
    private const double MostDifferent = 0.10;

    private static string Recording => Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav");

    [Theory]
    [InlineData(".mp3", "-ar 44100 -ac 2")]
    [InlineData(".m4a", "-ar 44100 -ac 2")]
    [InlineData(".flac", "-ar 44100 -ac 2")]
    [InlineData(".opus", "-ar 48000 -ac 2")]
    [InlineData(".webm", "-ar 48000")]
    [InlineData(".ogg", "-ar 44100 -ac 2 -c:a libvorbis")]
    [InlineData(".wav", "-ar 44100 -ac 2 -c:a pcm_s24le")]
    [InlineData(".wav", "-ar 48000 -c:a pcm_f32le")]
    public async Task A_recording_has_the_same_words_in_every_format(string extension, string arguments)
    {
        FfmpegTool.SkipWithout();
        var original = await Original.Value;
        using var file = await FfmpegTool.ConvertAsync(await File.ReadAllBytesAsync(Recording), extension, arguments.Split(' '));

        var words = await WordsAsync(file.Path);

        var different = (double)Distance(original, words) / original.Length;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{extension} {arguments}: word difference {different:P1}"));
        different.Should().BeLessThanOrEqualTo(MostDifferent, string.Join(' ', words));
    }

    [Fact]
    public async Task A_recording_has_the_same_words_as_Opus_on_the_wire()
    {
        var original = await Original.Value;

        var words = await WordsAsync(Recording, new OpusEncoder());

        var different = (double)Distance(original, words) / original.Length;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Opus on the wire: word difference {different:P1} of {original.Length}"));
        different.Should().BeLessThanOrEqualTo(MostDifferent, string.Join(' ', words));
    }

    private static async Task<string[]> WordsAsync(string path, AudioEncoder? encoder = null)
    {
        await using var gateway = await StartAsync();

        // A busy machine may need longer for a result than the service would.
        await using var client = new SpeechStreamClient(new()
        {
            AppKey = "any",
            Credential = SpeechCredential.FromToken("any"),
            Endpoint = gateway.Endpoint,
            StopTimeout = TimeSpan.FromMinutes(10),
            StartTimeout = TimeSpan.FromMinutes(10),
            PingInterval = TimeSpan.FromMinutes(10),
        });
        await using var source = await AudioSource.OpenAsync(path);
        var events = client.TranscribeAsync(source.ReadAsync(), new() { SendRate = double.PositiveInfinity, Encoder = encoder });
        return [.. await events.OfType<SentenceEnd>().SelectMany(sentence => sentence.Text.Split(' ')).ToListAsync()];
    }

    private static async Task<LocalGateway> StartAsync()
    {
        try
        {
            return await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx, IdleTimeout = TimeSpan.FromHours(1) });
        }
        catch (RecognizerUnavailableException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    /// <summary>How many words have to be exchanged, added or left out.</summary>
    private static int Distance(string[] from, string[] to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var before = row;
            row = [i, .. new int[to.Length]];
            for (var j = 1; j <= to.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], before[j]) + 1, before[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
            }
        }

        return row[^1];
    }
}
