using System.Globalization;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

public sealed class DoctorTlsTests
{
    private const string Host = "127.0.0.1";

    [Fact]
    public async Task A_self_signed_certificate()
    {
        (await TlsFailureAsync(TestCertificate.For(Host))).Should().Contain("self-signed").And.Contain("SSL_CERT_FILE");
    }

    [Fact]
    public async Task A_certificate_from_an_authority_of_the_company()
    {
        using var authority = TestCertificate.Authority();

        (await TlsFailureAsync(TestCertificate.For(Host, authority))).Should().Contain("doesn't trust its authority, Company Authority").And.Contain("SSL_CERT_FILE");
    }

    [Fact]
    public async Task A_certificate_that_has_expired()
    {
        (await TlsFailureAsync(TestCertificate.For(Host, from: -30, to: -1))).Should().Contain("it expired on");
    }

    [Fact]
    public async Task A_certificate_for_another_host()
    {
        (await TlsFailureAsync(TestCertificate.For("portal.hotel.example"))).Should().Contain("it is for portal.hotel.example, and not for 127.0.0.1");
    }

    [Fact]
    public async Task A_certificate_that_is_out_of_time_by_a_wrong_clock()
    {
        using var certificate = TestCertificate.For(Host, from: 9, to: 30);
        await using var server = new LocalServer(_ => LocalServer.Answer(400, "", $"Date: {DateTimeOffset.UtcNow.AddDays(10).ToString("R", CultureInfo.InvariantCulture)}\r\n")) { Certificate = certificate };

        var report = await Doctor.JsonAsync(13, "--endpoint", $"wss://{Host}:{server.Port}/ws/v1");

        Doctor.Results(report).Should().Contain("tls failed").And.Contain("clock failed");
        ((string)report["steps"]![3]!["text"]!).Should().Contain("it isn't valid before").And.Contain("Set this machine's clock");
        ((string)report["steps"]![4]!["text"]!).Should().Contain("10 days behind");
    }

    [Fact]
    public async Task Nothing_secret_is_sent_where_the_certificate_is_refused()
    {
        using var certificate = TestCertificate.For(Host);
        await using var server = new LocalServer(_ => LocalServer.Answer(400)) { Certificate = certificate };

        await Doctor.FailureAsync(13, "--endpoint", $"wss://{Host}:{server.Port}/ws/v1?mc={Doctor.Secret}", "--app-key", Doctor.Secret, "--token", Doctor.Secret);

        server.Requests.Should().ContainSingle().Which.Should().StartWith("GET /ws/v1 ").And.NotContain(Doctor.Secret);
    }

    [Fact]
    public async Task A_port_that_does_not_speak_TLS()
    {
        await using var gateway = await LocalGateway.StartAsync();

        (await Doctor.FailureAsync(13, "--endpoint", $"wss://{Host}:{gateway.Endpoint.Port}/ws/v1")).Should().Contain("Check the scheme and the port");
    }

    private static async Task<string> TlsFailureAsync(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        using (certificate)
        {
            await using var gateway = await LocalGateway.StartAsync(new() { Certificate = certificate });
            var failure = await Doctor.FailureAsync(13, "--endpoint", gateway.Endpoint.ToString(), "--app-key", "k", "--token", Doctor.Secret);
            gateway.AcceptedConnections.Should().Be(0);
            return failure;
        }
    }
}
