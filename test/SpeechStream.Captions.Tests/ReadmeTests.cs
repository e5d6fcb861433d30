using System.Reflection;
using System.Text;
using SpeechStream.Gateway;

namespace SpeechStream.Captions.Tests;

public sealed class ReadmeTests
{
    private static string Page => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));

    [Fact]
    public async Task The_program_of_the_readme_writes_what_the_readme_shows()
    {
        await using var gateway = await StartAsync(Recognizer.PocketSphinx);
        await using var client = Connect(gateway);
        await using var audio = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav"));
        await using var captions = new MemoryStream();
        var file = new WebVttWriter(captions);

        await foreach (var cue in client.TranscribeAsync(audio, new() { EnableWords = true, SendRate = double.PositiveInfinity }).ToCaptionsAsync())
        {
            await file.WriteAsync(cue);
        }

        Page.ReplaceLineEndings("\n").Should().Contain($"```\n{Encoding.UTF8.GetString(captions.ToArray()).TrimEnd()}\n```\n");
    }

    [Fact]
    public async Task The_snippet_for_live_captions_shows_words_and_keeps_sentences()
    {
        await using var gateway = await StartAsync(Recognizer.Say("good morning everybody", "good bye"));
        await using var client = Connect(gateway);
        await using var captions = new MemoryStream();
        var shown = new List<string>();

        await Readme.Live(client, new MemoryStream(new byte[16_000]), new SrtWriter(captions), lines => shown.Add(string.Join('\n', lines)));

        shown.Should().ContainInOrder("good morning everybody", "good bye");
        Encoding.UTF8.GetString(captions.ToArray()).Should().MatchRegex("(?s)^1\n[^\n]*\ngood morning everybody\n\n2\n[^\n]*\ngood bye\n\n$");
    }

    [Fact]
    public void Each_option_is_in_the_readme() =>
        Page.Should().ContainAll(typeof(CaptionOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(option => option.Name));

    private static SpeechStreamClient Connect(LocalGateway gateway) => new(new() { AppKey = "any", Credential = SpeechCredential.FromToken("any"), Endpoint = gateway.Endpoint });

    private static async Task<LocalGateway> StartAsync(Recognizer recognizer)
    {
        try
        {
            // A busy machine may need longer for a message than the service waits for the next one.
            return await LocalGateway.StartAsync(new() { Recognizer = recognizer, IdleTimeout = TimeSpan.FromHours(1) });
        }
        catch (RecognizerUnavailableException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}
