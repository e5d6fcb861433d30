using System.Diagnostics;
using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace SpeechStream.AspNetCore.Tests;

public sealed class FileTests
{
    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task A_recording_is_answered_by_events(string method)
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        var audio = Speech.Noise(5);

        using var answer = await SendAsync(server, method, Wave(audio));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var messages = await MessagesOfAsync(answer);
        messages.Finals().Should().Equal(Speech.Expected(audio));
        messages[0].IsType("session").Should().BeTrue();
        messages[0].TryGetProperty("key", out _).Should().BeFalse();
        messages[^1].IsType("completed").Should().BeTrue();
    }

    [Fact]
    public async Task Events_come_while_the_recording_still_arrives()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        var audio = Speech.Noise(2.9);
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Address.Host, server.Address.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /listen/file HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Length: 100000000\r\n\r\n"));
        await connection.GetStream().WriteAsync(Wave(audio, length: 99_999_956));

        using var answer = new StreamReader(connection.GetStream());
        var line = "";
        while (!line.Contains("\"final\"", StringComparison.Ordinal))
        {
            line = await answer.ReadLineAsync().Within("the first sentence") ?? throw new EndOfStreamException();
        }

        line.Should().Contain(Speech.Expected(audio).First().Text);
    }

    [Fact]
    public async Task The_command_of_the_README_works()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        var recording = Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav");
        Process? curl = null;
        try
        {
            curl = Process.Start(new ProcessStartInfo("curl", ["-sN", "-T", recording, new Uri(server.Address, "listen/file").ToString()]) { RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("No curl here.");
        }

        using (curl)
        {
            var output = await curl!.StandardOutput.ReadToEndAsync().Within("curl to end");

            output.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[6..])).Finals()
                .Should().Equal(Speech.Expected((await File.ReadAllBytesAsync(recording))[44..]));
        }
    }

    [Fact]
    public async Task A_form_with_a_recording_in_it_is_refused_with_what_to_send()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var http = new HttpClient();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Wave(Speech.Noise(1))), "file", "talk.wav" } }; // as curl -F

        using var answer = await http.PostAsync(new Uri(server.Address, "listen/file"), form);

        answer.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        (await answer.Content.ReadAsStringAsync()).Should().Contain("curl -T");
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html>not a recording</html>", HttpStatusCode.UnsupportedMediaType, "text")]
    [InlineData("", HttpStatusCode.BadRequest, "no recording")]
    [InlineData("\u0001\u0002 a picture, or samples without a header \u0003", HttpStatusCode.UnsupportedMediaType, "such as WAV, MP3 or M4A")]
    public async Task What_is_no_recording_is_refused_with_a_sentence(string content, HttpStatusCode status, string sentence)
    {
        await using var server = await Server.StartAsync(Server.Unpaced);

        using var answer = await SendAsync(server, "POST", Encoding.ASCII.GetBytes(content));

        answer.StatusCode.Should().Be(status);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).Should().Contain(sentence).And.NotContainAny("(Parameter", "TranscribeAsync");
    }

    [Fact]
    public async Task A_request_without_a_body_is_refused_as_an_empty_one_is()
    {
        await using var server = await Server.StartAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Address.Host, server.Address.Port);

        // As 'curl -X POST' without data.
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /listen/file HTTP/1.1\r\nHost: {server.Address.Authority}\r\n\r\n"));

        using var answer = new StreamReader(connection.GetStream());
        (await answer.ReadLineAsync().Within("the answer")).Should().Contain("400");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_recording_that_is_too_large_is_refused_with_413(bool tellsItsLength)
    {
        await using var server = await Server.StartAsync(Server.Unpaced with { MaxFileBytes = 100_000 });
        using var http = new HttpClient();
        using HttpContent content = tellsItsLength ? new ByteArrayContent(Wave(Speech.Noise(10))) : new StreamContent(new Unmeasured(Wave(Speech.Noise(10))));

        using var answer = await http.PostAsync(new Uri(server.Address, "listen/file"), content);

        if (answer.StatusCode == HttpStatusCode.OK && !tellsItsLength)
        {
            // Its beginning was transcribed before it was found to be too large.
            (await MessagesOfAsync(answer))[^1].GetProperty("status").GetInt32().Should().Be(413);
            return;
        }

        answer.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_session()
    {
        await using var server = await Server.StartAsync();
        using (var answer = await SendAsync(server, "POST", Wave(Speech.Noise(60))))
        {
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        await Patience.Until(() => server.Recorded.Entries.Any(entry => entry.Text.Contains("is over", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_sender_that_falls_silent_keeps_no_session()
    {
        var time = new ManualTimeProvider();
        await using var server = await Server.StartAsync(
            Server.Unpaced with { MaxDuration = TimeSpan.FromHours(24) }, configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var audio = Speech.Noise(3);
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Address.Host, server.Address.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /listen/file HTTP/1.1\r\nHost: {server.Address.Authority}\r\nContent-Length: 100000000\r\n\r\n"));
        await connection.GetStream().WriteAsync(Wave(audio, length: 99_999_956));

        using var answer = new StreamReader(connection.GetStream());
        var said = new List<JsonElement>();
        await ReadUntilAsync(message => message.IsType("interim") && message.GetProperty("time").GetInt64() == 2900); // of its very last samples, so that nothing is on its way
        var ending = ReadUntilAsync(message => message.IsType("completed"));
        while (!ending.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5)); // again and again, since nothing tells when the server waits for more
            await Task.Delay(10);
        }

        await ending;
        said.Should().ContainSingle(message => message.IsType("error")).Which.GetProperty("status").GetInt32().Should().Be(408);
        said.Finals().Should().Equal(Speech.Expected(audio), "what was heard before is finished");

        async Task ReadUntilAsync(Predicate<JsonElement> isLast)
        {
            while (said.Count == 0 || !isLast(said[^1]))
            {
                var line = await answer.ReadLineAsync().Within("the answer") ?? throw new EndOfStreamException();
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    said.Add(JsonElement.Parse(line[6..]));
                }
            }
        }
    }

    [Fact]
    public async Task A_recording_gets_its_last_words_before_the_server_stops()
    {
        await using var server = await Server.StartAsync();

        // In real time it takes longer than the host waits, which is 30 s.
        using var answer = await SendAsync(server, "POST", Wave(Speech.Noise(90)));
        var stopping = server.StopAsync();
        var messages = await MessagesOfAsync(answer).Within("the end of the events");
        await stopping.Within("the server to stop");

        messages.Should().Contain(message => message.IsType("reconnect"));
        messages[^1].IsType("completed").Should().BeTrue();
        messages.Finals().Should().NotBeEmpty().And.HaveCountLessThan(Speech.Expected(Speech.Noise(90)).Count());
    }

    private static async Task<HttpResponseMessage> SendAsync(Server server, string method, byte[] content)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.Address, "listen/file")) { Content = new ByteArrayContent(content) };
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within("an answer");
    }

    private static async Task<List<JsonElement>> MessagesOfAsync(HttpResponseMessage answer)
    {
        var messages = new List<JsonElement>();
        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            messages.Add(JsonElement.Parse(item.Data));
        }

        return messages;
    }

    private static byte[] Wave(byte[] audio, int? length = null)
    {
        using var wave = new MemoryStream();
        using var writer = new BinaryWriter(wave);
        var bytes = length ?? audio.Length;
        writer.Write("RIFF"u8);
        writer.Write(36 + bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(16000);
        writer.Write(32000);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(bytes);
        writer.Write(audio);
        return wave.ToArray();
    }

    /// <summary>A stream whose length isn't known, which goes in chunks.</summary>
    private sealed class Unmeasured(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
