using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SpeechStream.Benchmarks.Load;

/// <summary>A <see cref="NullService"/> in a process of its own: the same program, started a second time.</summary>
internal sealed class ServiceProcess : IDisposable
{
    /// <summary>The argument with which the program is a service.</summary>
    public const string Argument = "serve";

    private const string Ready = "READY ";
    private readonly Process _process;

    private ServiceProcess(Process process, Uri endpoint) => (_process, Endpoint) = (process, endpoint);

    /// <summary>Where clients connect.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts one; it ends with this process, or when it is disposed.</summary>
    public static ServiceProcess Start(bool secure = false)
    {
        var start = ThisProgram(Argument, secure ? "wss" : "ws");
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        var process = Process.Start(start) ?? throw new InvalidOperationException("The service didn't start.");
        var line = process.StandardOutput.ReadLine();
        return line?.StartsWith(Ready, StringComparison.Ordinal) == true
            ? new(process, new Uri(line[Ready.Length..]))
            : throw new InvalidOperationException($"The service said '{line}' instead of where it listens.");
    }

    /// <summary>What the started program does: it serves until its standard input ends.</summary>
    public static async Task<int> ServeAsync(bool secure)
    {
        using var certificate = secure ? SelfSigned() : null;
        await using var service = NullService.Start(certificate: certificate);
        Console.WriteLine(Ready + service.Endpoint);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>How this program is started once more.</summary>
    public static ProcessStartInfo ThisProgram(params string[] arguments) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? new(Environment.ProcessPath!, [Environment.GetCommandLineArgs()[0], .. arguments])
            : new(Environment.ProcessPath!, arguments);

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(2)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
