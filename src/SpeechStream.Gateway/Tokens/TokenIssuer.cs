using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SpeechStream.Gateway.Tokens;

/// <summary>The <c>CreateToken</c> call: signed parameters in the query or in a form, a token or an error as JSON.</summary>
internal sealed class TokenIssuer(LocalGatewayOptions options, TokenStore tokens)
{
    private readonly TokenRequestCheck _check = new(options);

    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var error = HttpMethods.IsGet(request.Method) || HttpMethods.IsPost(request.Method) ? await RefuseAsync(request).ConfigureAwait(false) : RpcError.UnknownMethod;
        context.Response.StatusCode = error?.HttpStatus ?? StatusCodes.Status200OK;
        context.Response.ContentType = "application/json;charset=utf-8";
        var reply = error is null ? Issue() : Describe(error, request.Host.ToString());
        await context.Response.WriteAsync(reply.ToJsonString(), context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<RpcError?> RefuseAsync(HttpRequest request)
    {
        var parameters = request.Query.ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);
        if (request.HasFormContentType)
        {
            try
            {
                foreach (var (key, value) in await request.ReadFormAsync(request.HttpContext.RequestAborted).ConfigureAwait(false))
                {
                    parameters[key] = value.ToString();
                }
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException && !request.HttpContext.RequestAborted.IsCancellationRequested)
            {
                return RpcError.UnreadableForm;
            }
        }

        return _check.Refuse(request.Method, parameters);
    }

    private JsonObject Issue()
    {
        var (id, expiresAt) = tokens.Issue();
        return new JsonObject
        {
            ["NlsRequestId"] = Guid.NewGuid().ToString("N"),
            ["RequestId"] = NewRequestId(),
            ["Token"] = new JsonObject { ["ExpireTime"] = expiresAt.ToUnixTimeSeconds(), ["Id"] = id, ["UserId"] = "1000000000000000" },
        };
    }

    private static JsonObject Describe(RpcError error, string host) => new()
    {
        ["RequestId"] = NewRequestId(),
        ["HostId"] = host,
        ["Code"] = error.Code,
        ["Message"] = error.Message,
    };

    private static string NewRequestId() => Guid.NewGuid().ToString().ToUpperInvariant();
}
