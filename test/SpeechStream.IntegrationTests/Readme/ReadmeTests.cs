using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using SpeechStream.Gateway;

namespace SpeechStream.IntegrationTests.Readme;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_snippet_for_users_is_compiled()
    {
        string[] pages = [Path.Combine(Repository.Root, "README.md"), .. Repository.Files("src", "*.md")];
        var compiled = Repository.Files("test", "*.cs").Concat(Repository.Files("examples", "*.cs"))
            .Select(file => Plain(File.ReadAllText(file))).ToList();
        var snippets = pages.SelectMany(page => CodeBlock().Matches(File.ReadAllText(page))).Select(match => Plain(match.Groups[1].Value)).ToList();

        snippets.Should().HaveCountGreaterThan(10);
        snippets.Should().OnlyContain(snippet => compiled.Any(code => code.Contains(snippet, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_snippet_for_tests_of_users_connects() => (await Snippets.Own_tests()).IsLoopback.Should().BeTrue();

    [Fact]
    public async Task The_snippet_with_a_session_of_its_own_runs_to_the_end()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));

        await Snippets.Own_session(client, new MemoryStream(Speech.Noise(0.5))).Within("the snippet to end");
    }

    [Fact]
    public async Task The_snippet_for_callbacks_takes_what_the_microphone_hears()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        await using var session = await client.StartSessionAsync();
        var microphone = new Microphone();
        Snippets.Callback(microphone, session);
        var audio = Speech.Noise(0.5);

        microphone.Hear(audio);
        await session.StopAsync();

        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task The_web_snippet_answers_while_a_long_recording_arrives()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        await using var app = await WebServer.StartAsync(client, HowTo.Posted);
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);
        var audio = Speech.Noise(3);

        await connection.GetStream().WriteAsync("POST /captions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n"u8.ToArray());
        await connection.GetStream().WriteAsync(audio);

        using var answer = new StreamReader(connection.GetStream());
        var data = "";
        while (!data.StartsWith("data: ", StringComparison.Ordinal))
        {
            data = await answer.ReadLineAsync().Within("a caption") ?? throw new EndOfStreamException();
        }

        data.Should().Be("data: " + Speech.Expected(audio).First().Text);
    }

    [Fact]
    public async Task The_snippet_for_the_web_answers_400_to_what_is_no_audio()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        await using var app = await WebServer.StartAsync(client, HowTo.Posted);
        using var http = new HttpClient();

        using var answer = await http.PostAsync(app.Urls.Single() + "/captions", new StringContent("<!DOCTYPE html><html>not a recording</html>")).Within("an answer");

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("The audio is text");
    }

    [Fact]
    public async Task The_snippet_for_callers_transcribes_and_speaks_to_them()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        await using var app = await WebServer.StartAsync(client, HowTo.Transcripts);
        using var http = new HttpClient();
        var (address, audio) = (app.Urls.Single() + "/transcript", Speech.Noise(1));

        using var transcript = await http.PostAsync(address, new ByteArrayContent(audio)).Within("a transcript");
        using var refusal = await http.PostAsync(address, new StringContent("<!DOCTYPE html><html>not a recording</html>")).Within("a refusal");

        (await transcript.Content.ReadAsStringAsync()).Trim().Should().Be(Speech.Expected(audio).Single().Text);
        refusal.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await refusal.Content.ReadAsStringAsync()).Should().Contain("Send a WAV file").And.NotContain("TranscriptionOptions");
    }

    [Fact]
    public async Task The_snippet_beside_Python_survives_a_file_that_is_missing_as_the_original_does() =>
        await Snippets.From_the_Python_SDK("app-key", "the-token").Within("the snippet to end");

    [Fact]
    public async Task The_snippet_for_subtitles_writes_them()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        var audio = Speech.Noise(3);
        var written = new StringWriter();

        await HowTo.Subtitles(client.TranscribeAsync(new MemoryStream(audio), Speech.Unpaced), written);

        var texts = Speech.Expected(audio).Select(sentence => sentence.Text).ToList();
        written.ToString().Should().Be($"1\n00:00:00,000 --> 00:00:02,000\n{texts[0]}\n\n2\n00:00:02,000 --> 00:00:03,000\n{texts[1]}\n\n");
    }

    [Fact]
    public async Task The_snippet_for_many_recordings_writes_a_text_beside_each()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Say("good morning") });
            await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
            foreach (var name in new[] { "a.wav", "b.wav", "c.wav" })
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, name), Speech.Noise(0.5));
            }

            await HowTo.Folder(client, folder).Within("the texts");

            Directory.GetFiles(folder, "*.txt").Select(File.ReadAllText).Should().HaveCount(3).And.OnlyContain(text => text.Trim() == "good morning");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_snippet_with_given_words_gets_them() =>
        (await TestingPage.Words().Within("the words")).Split('\n', '\r').Where(line => line.Length > 0).Should().Equal("good morning", "good bye");

    [Fact]
    public async Task The_snippet_without_a_service_fails_at_once() =>
        (await FluentActions.Awaiting(() => TestingPage.No_service().Within("the failure")).Should().ThrowAsync<SpeechConnectionException>()).Which.Attempts.Should().BeLessThan(2);

    [Fact]
    public async Task The_snippet_with_events_of_its_own_fails_after_a_word()
    {
        var outcome = await TestingPage.Events().OutcomeAsync();

        outcome.Events.OfType<SentenceEnd>().Single().Text.Should().Be("good morning");
        outcome.Error.Should().BeOfType<SpeechConnectionException>().Which.IsTransient.Should().BeTrue();
    }

    private static string Plain(string code) => Whitespace().Replace(code, " ").Trim();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
