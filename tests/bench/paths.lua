-- Reads the paths in turn: wrk ... -- SECONDS PATH...

local pace = require("pace")
local paths = {}
local turn = 0

function init(arguments)
  pace.start(tonumber(arguments[1]))
  for place = 2, #arguments do
    paths[#paths + 1] = wrk.format("GET", arguments[place])
  end
end

function request()
  turn = turn % #paths + 1
  return paths[turn]
end
