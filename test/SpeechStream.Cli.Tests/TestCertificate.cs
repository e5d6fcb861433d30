using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpeechStream.Cli.Tests;

/// <summary>Certificates as companies make them, good and bad.</summary>
internal static class TestCertificate
{
    /// <summary>An authority that no machine trusts unless it is told to.</summary>
    public static X509Certificate2 Authority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Company Authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2));
    }

    /// <param name="host">The name or address that it is for.</param>
    /// <param name="authority">Who issues it; null for itself.</param>
    /// <param name="from">From when it is valid, in days from now.</param>
    /// <param name="to">Until when, in days from now.</param>
    public static X509Certificate2 For(string host, X509Certificate2? authority = null, int from = -1, int to = 1)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        var (begin, end) = (DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(to));
        if (authority is null)
        {
            return Usable(request.CreateSelfSigned(begin, end));
        }

        using var issued = request.Create(authority, begin, end, [1, 2, 3, 4]);
        return Usable(issued.CopyWithPrivateKey(key));
    }

    // Some systems take keys for TLS only from a file of this kind.
    private static X509Certificate2 Usable(X509Certificate2 made)
    {
        using (made)
        {
            return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        }
    }
}
