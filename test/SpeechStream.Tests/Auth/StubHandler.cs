using System.Net;
using System.Text;

namespace SpeechStream.Tests.Auth;

/// <summary>Answers requests without a network, and keeps what was asked.</summary>
internal sealed class StubHandler(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public StubHandler(HttpStatusCode status, string body, Action<HttpResponseMessage>? change = null)
        : this(_ => Task.FromResult(Response(status, body, change)))
    {
    }

    public List<(HttpMethod Method, Uri Address, string? ContentType, string Body)> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        Requests.Add((request.Method, request.RequestUri!, request.Content.Headers.ContentType?.ToString(), body));
        return await answer(cancellationToken);
    }

    private static HttpResponseMessage Response(HttpStatusCode status, string body, Action<HttpResponseMessage>? change)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        change?.Invoke(response);
        return response;
    }
}
