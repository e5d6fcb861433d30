using System.Net;

namespace SpeechStream.Transport;

/// <summary>The proxy of the process's environment, but not for loopback addresses: a proxy can't reach what listens on this machine's loopback.</summary>
internal sealed class EnvironmentProxy : IWebProxy
{
    public ICredentials? Credentials
    {
        get => HttpClient.DefaultProxy.Credentials;
        set => HttpClient.DefaultProxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => HttpClient.DefaultProxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || HttpClient.DefaultProxy.IsBypassed(host);
}
