using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Authentication;
using SpeechStream.Diagnostics;
using SpeechStream.Transport;

namespace SpeechStream.Cli.Doctor;

/// <summary>Requests the service's address as a web page, with the library's own HTTP handler: through the proxy, and with TLS. The answer has the service's time.</summary>
/// <param name="route">How it is reached.</param>
/// <param name="options">Those of the client, with any credential: it isn't sent.</param>
internal sealed class WebCheck(Route route, SpeechStreamClientOptions options)
{
    // Tokens are signed with the time, and certificates hold from and until a time.
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(1);

    private readonly SeenCertificate _certificate = new(options.Endpoint.IdnHost, options.TimeProvider.GetUtcNow());

    private bool IsSecure => options.Endpoint.Scheme == "wss";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await RequestAsync(cancellationToken).ConfigureAwait(false);
            var skew = response.Headers.Date is { } date ? options.TimeProvider.GetUtcNow() - date : (TimeSpan?)null;
            return [Proxy(), Tls(skew), Clock(skew)];
        }
        catch (SpeechConnectionException exception) when (route.Proxy is not null)
        {
            return [Finding.Bad(Step.Proxy, Refusal(exception))];
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException or SpeechStreamException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return NoAnswer(exception);
        }
    }

    [SuppressMessage("Security", "CA5359", Justification = "Nothing secret is sent, and what is wrong with the certificate is reported.")]
    private async Task<HttpResponseMessage> RequestAsync(CancellationToken cancellationToken)
    {
        using var connector = new WebSocketConnector(
            options with { ConfigureHandler = handler => handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => _certificate.Take(certificate, chain, errors) },
            new Redactor());
        using var http = new HttpMessageInvoker(connector.Handler, disposeHandler: false);
        using var limit = new CancellationTokenSource(options.ConnectTimeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, Route.Page(options.Endpoint));
        return await http.SendAsync(request, either.Token).ConfigureAwait(false);
    }

    private Finding Proxy() => route.Proxy is not null ? Finding.Good(Step.Proxy, $"{route.ProxyName} lets through to {route.Service}")
        : Finding.Skipped(Step.Proxy, route.Variable is null || options.Endpoint.IsLoopback ? "none is used" : $"none is used, though {route.Variable} is set: NO_PROXY or the scheme excludes {options.Endpoint.Host}, or it can't be read");

    private Finding Tls(TimeSpan? skew) => !IsSecure ? Finding.Skipped(Step.Tls, "none: the address begins with ws, so nothing is encrypted")
        : _certificate.IsTrusted ? Finding.Good(Step.Tls, _certificate.Summary)
        : Finding.Bad(Step.Tls, $"The {_certificate.Summary} is refused: {_certificate.Problems}. {TlsAdvice(skew)}");

    private string TlsAdvice(TimeSpan? skew) => _certificate.IsOutOfTime && IsWrong(skew)
        ? "Set this machine's clock."
        : "Check --endpoint. If a proxy of your company decrypts TLS, name the file of its authority in SSL_CERT_FILE.";

    private static Finding Clock(TimeSpan? skew) => skew is not { } difference ? Finding.Skipped(Step.Clock, "the service doesn't tell its time")
        : IsWrong(skew) ? Finding.Bad(Step.Clock, $"This machine's clock is {Words(difference)} the service's. Set it: the signature of a token request and certificates hold at their times only.")
        : Finding.Good(Step.Clock, "agrees with the service's within a minute");

    private static bool IsWrong(TimeSpan? skew) => skew?.Duration() > MostSkew;

    private static string Words(TimeSpan difference)
    {
        var size = difference.Duration();
        var time = size.TotalHours >= 48 ? $"{size.TotalDays:0} days" : size.TotalHours >= 2 ? $"{size.TotalHours:0.#} hours" : $"{size.TotalMinutes:0.#} minutes";
        return $"{time} {(difference > TimeSpan.Zero ? "ahead of" : "behind")}";
    }

    private string Refusal(SpeechConnectionException exception) => exception.HttpStatusCode switch
    {
        HttpStatusCode.ProxyAuthenticationRequired when route.Proxy!.UserInfo.Length == 0 =>
            $"{Capital(route.ProxyName)} asks for a login. Put user and password into {route.Variable ?? "HTTPS_PROXY"}, as in http://user:password@{route.Proxy.Host}:{route.Proxy.Port}.",
        HttpStatusCode.ProxyAuthenticationRequired => $"{Capital(route.ProxyName)} refused the user and password that are in it. Characters such as @ and : in them are written %40 and %3A.",
        { } status and >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => $"{Capital(route.ProxyName)} forbids {route.Service} (HTTP {(int)status}). Ask its administrator to permit that, or exclude the host with NO_PROXY.",
        { } status => $"{Capital(route.ProxyName)} can't reach {route.Service} (HTTP {(int)status}). Check --endpoint, or ask its administrator.",
        null => $"{Capital(route.ProxyName)} doesn't answer as a proxy does. Check {route.Variable ?? "HTTPS_PROXY"}.",
    };

    private IReadOnlyList<Finding> NoAnswer(Exception exception)
    {
        if (!IsSecure || _certificate.IsSeen)
        {
            return [Proxy(), Tls(skew: null), Finding.Skipped(Step.Clock, "no answer to a request for the time")];
        }

        if (route.Proxy is not null && exception is OperationCanceledException)
        {
            return [Finding.Bad(Step.Proxy, $"{Capital(route.ProxyName)} didn't make a way to {route.Service} in {options.ConnectTimeout.TotalSeconds} s. Check {route.Variable}.")];
        }

        return [Proxy(), Finding.Bad(Step.Tls, exception is OperationCanceledException
            ? $"{route.Service} takes the connection and then is silent for {options.ConnectTimeout.TotalSeconds} s. Check the port in --endpoint; a firewall may hold it."
            : exception.InnerException is AuthenticationException
                ? $"{route.Service} doesn't speak TLS as this machine does. Check the scheme and the port in --endpoint: ws is unencrypted, wss is not."
                : $"{route.Service} ended the TLS handshake. Check the scheme and the port in --endpoint; a firewall may cut it.")];
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
