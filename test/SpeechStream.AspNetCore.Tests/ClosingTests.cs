using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SpeechStream.AspNetCore.Endpoints;
using SpeechStream.AspNetCore.Sessions;
using SpeechStream.Gateway;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>The connection breaks while it closes, as when a tab is closed: what the page has said is finished as its user wants.</summary>
public sealed class ClosingTests
{
    [Theory]
    [InlineData(WebSocketCloseStatus.NormalClosure, true, false, true)]
    [InlineData(WebSocketCloseStatus.EndpointUnavailable, true, false, true)]
    [InlineData(WebSocketCloseStatus.EndpointUnavailable, true, true, true)]
    [InlineData((WebSocketCloseStatus)4001, true, false, false)]
    [InlineData((WebSocketCloseStatus)4001, true, true, false)]
    [InlineData(WebSocketCloseStatus.EndpointUnavailable, false, false, false)]
    [InlineData(WebSocketCloseStatus.EndpointUnavailable, false, true, false)]
    public async Task What_a_page_has_said_is_finished_as_its_user_wants_though_nobody_hears_it_close(WebSocketCloseStatus status, bool ends, bool breaksInMessage, bool isHeard)
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var service = new LateService(); // nothing is taken before the page has left
        await using var client = new SpeechStreamClient(new() { AppKey = "any", Credential = SpeechCredential.FromToken("any"), Endpoint = service.Endpoint });
        var sessions = new LiveSessions(client, new(), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var audio = Speech.Noise(3);
        using var breaking = new BreakingSocket(audio, ends, status, breaksInMessage);
        using var socket = new PageSocket(breaking, new ByteAllowance(int.MaxValue, TimeProvider.System), TimeProvider.System);
        var request = SessionRequest.Of(new DefaultHttpContext(), 16000, new() { SendRate = double.PositiveInfinity });

        var connection = new PageConnection(socket, sessions, request).RunAsync(CancellationToken.None);
        using var live = sessions.Find(await breaking.Id.Within("the session"))!;
        await breaking.Broken.Within("the connection to break");
        if (isHeard)
        {
            service.Answer(gateway.Endpoint);
        }

        await connection.Within("the end of the connection");

        (await SaidAsync(live).Within("the end of the session")).Finals().Should().Equal(isHeard ? Speech.Expected(audio) : []);
    }

    private static async Task<List<JsonElement>> SaidAsync(LiveSession live)
    {
        var messages = new List<JsonElement>();
        await foreach (var entry in live.Log.ReadAsync(0, Patience.Limit, TimeProvider.System, isTouched: false, CancellationToken.None))
        {
            messages.Add(JsonElement.Parse(entry.Message.Span));
        }

        messages[^1].IsType("completed").Should().BeTrue();
        return messages;
    }
}
