using System.Diagnostics;
using System.Globalization;
using SpeechStream.Fleet.Database;

namespace SpeechStream.Fleet.Tests.Engines;

/// <summary>A PostgreSQL of its own in a temporary folder, as Debian installs it. It refuses to run as root, so it runs as nobody then.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";
    private const string Nobody = "65534";

    // Below those that the system gives to connections, so that none takes it while the server is down.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("speechstream-postgres-");
    private int _port;
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
            var end = Stopwatch.StartNew();
            do
            {
                // Another one may have the port, and then it ends.
                end.Elapsed.Should().BeLessThan(Limit, "PostgreSQL should start");
                server._port = Random.Shared.Next(FirstPort, LastPort);
            }
            while (!await server.TryStartAsync());
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

    /// <summary>Starts it at the same port, and returns when it answers.</summary>
    public async Task RestartAsync()
    {
        // After a kill its children end a little later, and it doesn't start before.
        for (var end = Stopwatch.StartNew(); !await TryStartAsync(); await Task.Delay(100))
        {
            end.Elapsed.Should().BeLessThan(Limit, "PostgreSQL should start");
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

    /// <returns>False when it has ended.</returns>
    private async Task<bool> TryStartAsync()
    {
        var port = _port.ToString(CultureInfo.InvariantCulture);
        _server = Start(AsUser(Path.Combine(Binaries, "postgres"), "-D", Data, "-p", port, "-k", _folder.FullName, "-c", "listen_addresses=127.0.0.1", "-c", "logging_collector=off"));
        for (var end = Stopwatch.StartNew(); !_server.HasExited; await Task.Delay(100))
        {
            await using var database = FleetDatabase.Open(Address, TimeProvider.System);
            try
            {
                if ((await database.RunAsync(statements => statements.ListAsync("show data_directory", row => row.GetString(0), default), default)).SequenceEqual([Data]))
                {
                    return true;
                }
            }
            catch (FleetException) when (end.Elapsed < Limit)
            {
                // It still starts.
                continue;
            }
        }

        return false;
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
