#include "cli/run.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "cli/commands.h"
#include "cli/terminal.h"

namespace torch2mlx::cli {
namespace {

struct Command {
  const char* name;
  int (*function)(Arguments, const Hooks&);
};

constexpr Command commands[] = {
    {"inspect", inspect_command},
    {"ops", ops_command},
    {"restore", restore_command},
    {"verify", verify_command},
};

int dispatch(Arguments args, const Hooks& hooks) {
  const auto* command =
      std::ranges::find_if(commands, [&](const Command& c) { return !args.empty() && args[0] == c.name; });
  if (command == std::end(commands)) return convert_command(std::move(args), hooks);
  args.erase(args.begin());
  return command->function(std::move(args), hooks);
}

}  // namespace

int run(std::vector<std::string> args, const Hooks& hooks) {
  try {
    const int status = dispatch(std::move(args), hooks);
    if (std::fflush(stdout) != 0) throw std::system_error(errno, std::generic_category(), "standard output");
    return status;
  } catch (const CLI::CallForHelp&) {
    return 0;  // printed where the options are known
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return 0;
    std::fprintf(stderr, "torch2mlx: %s (hint: torch2mlx --help)\n", printable(error.what()).c_str());
    return 2;
  } catch (const Error& error) {
    print_error(error);
  } catch (const std::bad_alloc&) {
    print_error(Error(ErrorKind::input, "", "out of memory"));
  } catch (const std::system_error& error) {
    // Whoever read our output has seen enough: `torch2mlx ops | head`.
    if (error.code() != std::errc::broken_pipe) print_error(Error(ErrorKind::input, "", error.what()));
  } catch (const std::exception& error) {
    print_error(Error(ErrorKind::input, "", error.what()));
  }
  return 1;
}

}  // namespace torch2mlx::cli
