using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using SpeechStream.Gateway;

namespace SpeechStream.AspNetCore.Tests;

public sealed class SocketTests
{
    [Theory]
    [InlineData(SpeechService.Nls)]
    [InlineData(SpeechService.DashScope)]
    public async Task Every_word_comes_back_and_the_last_one_after_the_end(SpeechService service)
    {
        await using var server = await Server.StartAsync(Server.Unpaced, service: service);
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(5);

        await page.SendAsync(audio);
        await page.EndAsync();
        var messages = await page.ReadToEndAsync();

        messages.Finals().Should().Equal(Speech.Expected(audio));
        messages.Should().OnlyContain(message => message.GetProperty("v").GetInt32() == 1);
        messages[0].IsType("session").Should().BeTrue();
        messages[^1].IsType("completed").Should().BeTrue();
        page.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Interim_results_come_before_their_final()
    {
        await using var server = await Server.StartAsync(Server.Unpaced, gatewayOptions: new() { Recognizer = Recognizer.Say("good morning", "good bye") });
        using var page = await Page.OpenAsync(server);
        var before = new List<System.Text.Json.JsonElement>();

        await page.SendAsync(Speech.Noise(1));
        await page.ReadAsync("interim", before);
        await page.SendAsync(Speech.Noise(3));
        await page.ReadAsync("final", before);
        await page.EndAsync();
        await page.ReadToEndAsync();

        before.Where(message => message.IsType("interim")).Should().NotBeEmpty().And.OnlyContain(interim => "good morning".StartsWith(interim.GetProperty("text").GetString()!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Audio_at_the_models_rate_is_passed_on_as_it_is()
    {
        await using var server = await Server.StartAsync(new()
        {
            ConfigureSession = (http, session) =>
            {
                session.SampleRate = int.Parse(http.Request.Query["rate"]!, System.Globalization.CultureInfo.InvariantCulture);
                session.SendRate = double.PositiveInfinity;
                return default;
            },
        });
        using var page = await Page.OpenAsync(server, "?rate=8000");
        var audio = Speech.Noise(3, rate: 8000);

        await page.SendAsync(audio);
        await page.EndAsync();

        (await page.ReadToEndAsync()).Finals().Should().Equal(Speech.Expected(audio, 8000));
    }

    [Fact]
    public async Task Audio_at_another_rate_is_converted()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server, "?format=pcm&rate=48000");

        await page.SendAsync(Speech.Noise(3, rate: 48000));
        await page.EndAsync();

        (await page.ReadToEndAsync()).Finals().Select(final => (final.Begin, final.End)).Should().Equal((0, 2000), (2000, 3000));
    }

    [Fact]
    public async Task A_file_is_recognized_by_its_content()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server, "?format=file");
        var recording = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav"));

        await page.SendAsync(recording);
        await page.EndAsync();

        (await page.ReadToEndAsync()).Finals().Should().Equal(Speech.Expected(recording[44..]));
    }

    [Fact]
    public async Task What_is_no_recording_is_told_with_status_415()
    {
        await using var server = await Server.StartAsync(Server.Unpaced);
        using var page = await Page.OpenAsync(server, "?format=recorder");

        await page.SendAsync("<!DOCTYPE html><html>not a recording</html>"u8.ToArray());
        await page.EndAsync();
        var error = await page.ReadAsync("error");

        error.GetProperty("status").GetInt32().Should().Be(415);
        error.GetProperty("message").GetString().Should().Contain("text").And.NotContain("Parameter");
    }

    [Theory]
    [InlineData("?rate=4000", HttpStatusCode.BadRequest)]
    [InlineData("?rate=fast", HttpStatusCode.BadRequest)]
    [InlineData("?format=mp9", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_wrong_request_is_refused_before_it_becomes_a_socket(string query, HttpStatusCode refusal)
    {
        await using var server = await Server.StartAsync();

        (await Page.RefusedAsync(server, query)).Should().Be(refusal);
    }

    [Fact]
    public async Task The_callback_refuses_with_its_own_message()
    {
        await using var server = await Server.StartAsync(new() { ConfigureSession = (_, _) => throw new ArgumentException("No such language.") });
        using var http = new HttpClient();

        using var answer = await http.PutAsync(new Uri(server.Address, "listen/file"), new ByteArrayContent(Speech.Noise(1)));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).Should().Contain("No such language.");
    }

    [Fact]
    public async Task A_setting_out_of_its_range_is_an_error_for_the_page()
    {
        await using var server = await Server.StartAsync(new()
        {
            ConfigureSession = (_, session) =>
            {
                session.MaxSentenceSilence = TimeSpan.FromMilliseconds(1);
                return default;
            },
        });
        using var page = await Page.OpenAsync(server);

        await page.SayAsync(new { type = "start" });

        (await page.ReadAsync("error")).GetProperty("status").GetInt32().Should().Be(400);
    }

    [Fact]
    public async Task What_the_service_refuses_is_told_without_its_words()
    {
        await using var server = await Server.StartAsync(gatewayOptions: new()
        {
            Recognizer = Recognizer.Script("""{"connections": [{"steps": [{"wait": "audio", "ms": 100}, {"fail": 40000000, "text": "internal-detail"}]}]}"""),
        });
        using var page = await Page.OpenAsync(server);

        await page.SendAsync(Speech.Noise(0.5));
        var messages = await page.ReadToEndAsync();

        messages[^1].IsType("error").Should().BeTrue();
        messages[^1].GetProperty("status").GetInt32().Should().Be(502);
        messages[^1].GetRawText().Should().NotContain("internal-detail");
        server.Recorded.Text.Should().Contain("internal-detail");
    }

    [Fact]
    public async Task A_page_is_told_that_the_service_is_waited_for()
    {
        var time = new ManualTimeProvider();
        await using var gateway = await LocalGateway.StartAsync();
        using var service = new LateService();
        await using var server = await Server.StartAsync(Server.Unpaced, endpoint: service.Endpoint, configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(1);
        await page.SendAsync(audio);
        await page.ReadAsync("session");

        time.Advance(TimeSpan.FromSeconds(2));
        await page.ReadAsync("reconnecting");
        service.Answer(gateway.Endpoint);
        var back = await page.ReadAsync("reconnected");
        await page.EndAsync();

        back.GetProperty("outage").GetInt64().Should().Be(2000);
        (await page.ReadToEndAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    [Fact]
    public async Task A_session_ends_at_its_longest_duration_with_its_last_words()
    {
        await using var server = await Server.StartAsync(Server.Unpaced with { MaxDuration = TimeSpan.FromSeconds(1) });
        using var page = await Page.OpenAsync(server);
        var audio = Speech.Noise(1);

        await page.SendAsync(audio);
        var messages = await page.ReadToEndAsync();

        messages.Finals().Should().Equal(Speech.Expected(audio));
        messages.Single(message => message.IsType("error")).GetProperty("status").GetInt32().Should().Be(413);
        messages[^1].IsType("completed").Should().BeTrue();
    }
}
