using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Tests.Engines;

/// <summary>A PostgreSQL of its own in a temporary folder, as Debian installs it. It refuses to run as root, so it runs as nobody then.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";
    private const string Nobody = "65534";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speechstream-postgres-");
    private readonly int _port = FreePort();
    private Process? _server;

    /// <summary>Why tests with it are skipped; null when it is installed.</summary>
    public static string? Missing => File.Exists(Path.Combine(Binaries, "initdb")) ? null : $"PostgreSQL 15 isn't installed in {Binaries} (apt-get install postgresql-15).";

    public string Address => AddressOf("postgres");

    public string AddressOf(string database) => $"postgres://speechstream@127.0.0.1:{_port.ToString(CultureInfo.InvariantCulture)}/{database}";

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync("chown", Nobody, server._folder.FullName);
            }

            await RunAsUserAsync(Path.Combine(Binaries, "initdb"), "-D", server.Data, "-A", "trust", "-U", "speechstream", "--no-sync", "--no-instructions", "--locale=C");
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Ends it as a power failure does.</summary>
    public async Task KillAsync()
    {
        _server?.Kill();
        await (_server?.WaitForExitAsync() ?? Task.CompletedTask);
    }

    /// <summary>Starts it, and returns when it answers.</summary>
    public async Task RestartAsync()
    {
        var port = _port.ToString(CultureInfo.InvariantCulture);
        var end = Stopwatch.StartNew();
        while (true)
        {
            // After a kill its children end a little later, and it doesn't start before.
            _server = Start(AsUser(Path.Combine(Binaries, "postgres"), "-D", Data, "-p", port, "-k", _folder.FullName, "-c", "listen_addresses=127.0.0.1", "-c", "logging_collector=off"));
            while (!_server.HasExited)
            {
                await using var database = FleetDatabase.Open(Address, TimeProvider.System);
                try
                {
                    await database.RunAsync(statements => statements.ListAsync("select 1", row => row.GetInt32(0), default), default);
                    return;
                }
                catch (FleetException) when (end.Elapsed < Limit)
                {
                    await Task.Delay(100);
                }
            }

            end.Elapsed.Should().BeLessThan(Limit, "PostgreSQL should start");
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _server?.Dispose();
        for (var trials = 0; ; trials++)
        {
            try
            {
                _folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (trials < 50)
            {
                // Its children still write.
                await Task.Delay(100);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string[] AsUser(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", .. command] : command;

    private static Task RunAsUserAsync(params string[] command) => RunAsync(AsUser(command));

    private static async Task RunAsync(params string[] command)
    {
        using var process = Start(command);
        await process.WaitForExitAsync().WaitAsync(Limit);
        process.ExitCode.Should().Be(0, "{0} should succeed", command[0]);
    }

    private static Process Start(string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;

        // Nobody reads it, and a full pipe would stop the server.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
