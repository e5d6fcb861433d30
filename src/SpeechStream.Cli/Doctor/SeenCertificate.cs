using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SpeechStream.Cli.Doctor;

/// <summary>The certificate of a TLS handshake, and what is wrong with it.</summary>
/// <param name="host">The name that it must be for.</param>
/// <param name="now">This machine's time.</param>
internal sealed class SeenCertificate(string host, DateTimeOffset now)
{
    private readonly List<string> _problems = [];

    /// <summary>Whether the handshake came so far.</summary>
    public bool IsSeen { get; private set; }

    public bool IsTrusted => IsSeen && _problems.Count == 0;

    /// <summary>Whether a wrong clock may be the only cause.</summary>
    public bool IsOutOfTime { get; private set; }

    /// <summary>Whom it is for, by whom, and until when.</summary>
    public string Summary { get; private set; } = "certificate";

    public string Problems => string.Join("; ", _problems);

    /// <summary>Takes every certificate, since nothing secret is sent over this connection, and remembers what is wrong: so the time of a server whose certificate has expired is known, too.</summary>
    public bool Take(X509Certificate? presented, X509Chain? chain, SslPolicyErrors errors)
    {
        IsSeen = true;
        if (presented is not X509Certificate2 certificate)
        {
            _problems.Add("there is none");
            return true;
        }

        var names = NamesOf(certificate);
        Summary = FormattableString.Invariant($"certificate for {names} from {certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}, until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            _problems.Add($"it is for {names}, and not for {host}");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            TakeChain(certificate, chain?.ChainStatus ?? []);
        }

        return true;
    }

    private void TakeChain(X509Certificate2 certificate, X509ChainStatus[] statuses)
    {
        var all = statuses.Aggregate(X509ChainStatusFlags.NoError, (sum, status) => sum | status.Status);
        if (all.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            IsOutOfTime = true;
            _problems.Add(
                certificate.NotAfter.ToUniversalTime() < now ? FormattableString.Invariant($"it expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC")
                : certificate.NotBefore.ToUniversalTime() > now ? FormattableString.Invariant($"it isn't valid before {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd HH:mm} UTC")
                : "that of its authority isn't valid at this time");
        }

        if ((all & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            _problems.Add(certificate.Subject == certificate.Issuer
                ? "it is self-signed, and this machine doesn't trust it"
                : $"this machine doesn't trust its authority, {certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}");
        }
        else if (!IsOutOfTime)
        {
            _problems.Add(string.Join(", ", statuses.Select(status => status.StatusInformation.Trim())));
        }
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))).Take(3).ToList();
        return names.Count > 0 ? string.Join(", ", names) : certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
    }
}
